package dev.sotto.secagg;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** A site's answer to an unmask request: one share of every announced site whose shares it holds. Stateless. */
public final class SiteUnmask {
    private SiteUnmask() {}

    /**
     * Holds the request against the guard and opens one share of every announced site that dealt to this one (on the
     * complete graph itself included): of its self-mask if it survived, of its mask key if not. The same request gives the same answer. A box that does not open is left out and its dealer
     * named; the others' shares make up for it.
     *
     * @param guard what this site has done in the round so far
     * @param roster the sealed bundles of this site and its neighbours at least
     * @param groups the sites announced when the round opened, as this site stored them then
     * @param survivors as listed in the request
     * @throws RefusedException if the request must not be answered
     */
    public static UnmaskAnswer answer(
            UnmaskGuard guard,
            BlockSecrets secrets,
            Map<SiteId, Bundle> roster,
            RoundId round,
            RoundGroups groups,
            List<SiteId> survivors)
            throws RefusedException {
        SortedMap<SiteId, RoundKeys> dealt = RoundGate.check(secrets, roster, round, groups);
        SurvivorSet admitted = guard.admit(secrets.terms(), secrets.self(), round, groups, survivors);
        dealt.keySet().retainAll(secrets.terms().graph().dealers(secrets.self()));
        List<OpenedShare> shares = new ArrayList<>(dealt.size());
        List<SiteId> unopened = new ArrayList<>();
        byte[] rosterRoot = secrets.terms().rosterRoot();
        dealt.forEach((dealer, keys) -> open(secrets, rosterRoot, dealer, keys, round, admitted.kind(dealer))
                .ifPresentOrElse(shares::add, () -> unopened.add(dealer)));
        return new UnmaskAnswer(admitted, new UnmaskShares(round, secrets.self(), shares), unopened);
    }

    private static Optional<OpenedShare> open(
            BlockSecrets secrets, byte[] rosterRoot, SiteId dealer, RoundKeys keys, RoundId round, ShareKind kind) {
        BlockTerms terms = secrets.terms();
        SiteId self = secrets.self();
        int place = terms.graph().place(dealer, self);
        EncryptedShares encrypted = keys.shares().get(place - 1);
        Optional<byte[]> opened;
        try (ShareBox box = ShareBox.incoming(terms, rosterRoot, secrets.encryption(), dealer, self)) {
            opened = box.open(round, encrypted.box());
        }
        if (opened.isEmpty()) {
            return Optional.empty();
        }
        byte[] plain = opened.get();
        byte[] share = new byte[Shamir.SECRET_BYTES];
        byte[] salt = new byte[ShareCommitment.SALT_BYTES];
        // The self-mask's half comes first.
        ByteBuffer.wrap(plain)
                .position(kind == ShareKind.SELF_MASK ? 0 : ShareBox.PLAIN_BYTES / 2)
                .get(share)
                .get(salt);
        Arrays.fill(plain, (byte) 0);
        return ShareCommitment.opens(encrypted.commitment(kind), kind, place, share, salt)
                ? Optional.of(new OpenedShare(dealer, kind, share, salt))
                : Optional.empty();
    }
}
