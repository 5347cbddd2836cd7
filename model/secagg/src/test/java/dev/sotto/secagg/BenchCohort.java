package dev.sotto.secagg;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A cohort as one site and the server see it, dealt without what neither of them looks at: shares, commitments and mask
 * keys are real, and so are the boxes for the client; those from one other site to another are zeros. That makes a
 * cohort of a thousand a matter of seconds.
 */
final class BenchCohort {
    static final SiteId CLIENT = TestCohort.site(0);
    static final byte[] MODEL = TestCohort.MODEL;

    /** A share of either kind as its holder would give it out. */
    private record Dealt(OpenedShare selfMask, OpenedShare maskKey) {}

    final BlockTerms terms;
    final RoundId round;
    final BlockSecrets client;
    final Map<SiteId, Bundle> roster = new HashMap<>();
    final byte[] sealHash = Sha256.of(new byte[] {9});
    private final Map<SiteId, List<Dealt>> dealt = new HashMap<>();
    private final Map<SiteId, AgreementKeyPair> encryption = new HashMap<>();
    private final byte[] rosterRoot;
    private final SeededRandom random = new SeededRandom(77);

    BenchCohort(int n, GraphParameters parameters) {
        SortedMap<SiteId, AgreementPublicKey> cohort = new TreeMap<>();
        for (int i = 0; i < n; i++) {
            AgreementKeyPair pair = AgreementKeyPair.generate(random);
            encryption.put(site(i), pair);
            cohort.put(site(i), pair.publicKey());
        }
        byte[] beacon = parameters.degree() == 0 ? new byte[0] : random.bytes(NeighbourGraph.BEACON_BYTES);
        NeighbourGraph graph = NeighbourGraph.of(cohort.keySet(), parameters.degree(), beacon);
        terms = new BlockTerms(new BlockId(new TaskId("bench"), 1), 1, 1, cohort, graph, parameters.threshold());
        round = terms.roundIds().get(0);
        rosterRoot = terms.rosterRoot();
        client = BlockSecrets.create(terms, CLIENT, encryption.get(CLIENT), random);
        for (SiteId site : cohort.keySet()) {
            RoundSecrets secrets = site.equals(CLIENT) ? client.of(round) : RoundSecrets.generate(random);
            roster.put(site, new Bundle(terms.block(), site, List.of(deal(site, secrets))));
        }
    }

    private static SiteId site(int index) {
        return TestCohort.site(index);
    }

    private RoundKeys deal(SiteId dealer, RoundSecrets secrets) {
        SortedSet<SiteId> holders = terms.graph().holders(dealer);
        int t = terms.threshold();
        byte[] selfMask = secrets.selfMask().bytes();
        List<ShamirShare> selfMaskShares = Shamir.split(selfMask, holders.size(), t, random);
        List<ShamirShare> maskKeyShares = Shamir.split(secrets.maskKey().privateBytes(), holders.size(), t, random);
        List<EncryptedShares> encrypted = new ArrayList<>();
        List<Dealt> opened = new ArrayList<>();
        for (SiteId holder : holders) {
            int place = encrypted.size() + 1;
            OpenedShare ofSelfMask = opened(dealer, ShareKind.SELF_MASK, selfMaskShares.get(place - 1));
            OpenedShare ofMaskKey = opened(dealer, ShareKind.MASK_KEY, maskKeyShares.get(place - 1));
            opened.add(new Dealt(ofSelfMask, ofMaskKey));
            encrypted.add(new EncryptedShares(
                    holder,
                    holder.equals(CLIENT) ? box(dealer, ofSelfMask, ofMaskKey) : new byte[ShareBox.BYTES],
                    ShareCommitment.of(ShareKind.SELF_MASK, place, ofSelfMask.share(), ofSelfMask.salt()),
                    ShareCommitment.of(ShareKind.MASK_KEY, place, ofMaskKey.share(), ofMaskKey.salt())));
        }
        dealt.put(dealer, opened);
        return new RoundKeys(
                round.number(),
                secrets.maskKey().publicKey(),
                ShareCommitment.ofSeed(round, dealer, selfMask),
                encrypted);
    }

    private OpenedShare opened(SiteId dealer, ShareKind kind, ShamirShare share) {
        return new OpenedShare(dealer, kind, share.y(), random.bytes(ShareCommitment.SALT_BYTES));
    }

    private byte[] box(SiteId dealer, OpenedShare selfMask, OpenedShare maskKey) {
        byte[] plain = new byte[ShareBox.PLAIN_BYTES];
        System.arraycopy(selfMask.share(), 0, plain, 0, 32);
        System.arraycopy(selfMask.salt(), 0, plain, 32, 16);
        System.arraycopy(maskKey.share(), 0, plain, 48, 32);
        System.arraycopy(maskKey.salt(), 0, plain, 80, 16);
        try (ShareBox box = ShareBox.outgoing(terms, rosterRoot, encryption.get(dealer), dealer, CLIENT)) {
            return box.seal(round, random.bytes(ShareBox.NONCE_BYTES), plain);
        }
    }

    RoundGroups everyone() {
        return RoundGroups.single(terms.cohort().keySet());
    }

    /** Everyone but {@code dropouts} sites, spread over the cohort; the client survives. */
    SurvivorSet survivors(int dropouts) {
        SortedSet<SiteId> survivors = new TreeSet<>(terms.cohort().keySet());
        int n = survivors.size();
        for (int i = 0; i < dropouts; i++) {
            survivors.remove(site(1 + i * (n - 1) / dropouts));
        }
        return new SurvivorSet(round, everyone(), survivors);
    }

    /** The server's collection with the answers of all survivors in it. */
    Unmasking unmasking(SurvivorSet survivors) {
        Unmasking unmasking = new Unmasking(terms, roster, sealHash, MODEL, survivors);
        for (SiteId holder : survivors.survivors()) {
            List<OpenedShare> shares = new ArrayList<>();
            for (SiteId dealer : terms.graph().dealers(holder)) {
                Dealt both = dealt.get(dealer).get(terms.graph().place(dealer, holder) - 1);
                shares.add(survivors.kind(dealer) == ShareKind.SELF_MASK ? both.selfMask() : both.maskKey());
            }
            Acceptance acceptance = unmasking.accept(holder, new UnmaskShares(round, holder, shares));
            if (!acceptance.equals(new Acceptance.Accepted(List.of()))) {
                throw new IllegalStateException("the answer of " + holder + " was not taken: " + acceptance);
            }
        }
        return unmasking;
    }

    SiteMasker masker() throws RefusedException {
        return SiteMasker.of(client, roster, sealHash, round, MODEL, everyone());
    }

    UnmaskAnswer clientAnswer(SurvivorSet survivors) throws RefusedException {
        UnmaskGuard guard = new UnmaskGuard(2, true, null);
        UnmaskAnswer answer =
                SiteUnmask.answer(guard, client, roster, round, survivors.groups(), List.copyOf(survivors.survivors()));
        if (!answer.unopened().isEmpty()) {
            throw new IllegalStateException("boxes from " + answer.unopened() + " did not open");
        }
        return answer;
    }
}
