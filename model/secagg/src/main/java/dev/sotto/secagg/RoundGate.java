package dev.sotto.secagg;

import dev.sotto.secagg.RefusedException.Reason;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a site checks about a round before it uses its secrets, be it for masking or for answering. */
final class RoundGate {
    private RoundGate() {}

    /** Returns the public part of the round of every announced site whose shares this one holds, and of itself. */
    static SortedMap<SiteId, RoundKeys> check(
            BlockSecrets secrets, Map<SiteId, Bundle> roster, RoundId round, RoundGroups groups)
            throws RefusedException {
        SortedSet<SiteId> announced = groups.announced();
        BlockTerms terms = secrets.terms();
        SiteId self = secrets.self();
        refuseUnless(
                terms.contains(round),
                Reason.ROUND_UNKNOWN,
                () -> "round " + round + " is not in block " + terms.block());
        refuseUnless(
                secrets.holds(round), Reason.ROUND_ERASED, () -> "the secrets of round " + round + " have been erased");
        refuseUnless(
                announced.contains(self),
                Reason.SELF_NOT_ANNOUNCED,
                () -> self + " is not among the announced " + announced);
        refuseUnless(
                groups.fit(terms.graph()),
                Reason.GROUPS_ON_SPARSE_GRAPH,
                () -> "round " + round + " has " + groups.count() + " groups but block " + terms.block() + " is on a "
                        + terms.graph() + "; groups need the complete graph");
        SortedSet<SiteId> concerned = terms.graph().holders(self);
        concerned.retainAll(announced);
        refuseUnless(
                concerned.size() >= terms.threshold(),
                Reason.ANNOUNCED_BELOW_THRESHOLD,
                () -> concerned.size() + " of the holders of the shares of " + self + " are announced but it takes "
                        + terms.threshold() + " to reconstruct");
        concerned.add(self);
        SortedMap<SiteId, RoundKeys> dealt = new TreeMap<>();
        for (SiteId site : concerned) {
            dealt.put(site, dealtBy(site, roster.get(site), terms, round));
        }
        RoundKeys own = dealt.get(self);
        refuseUnless(
                own != null && own.maskKey().equals(secrets.of(round).maskKey().publicKey()),
                Reason.OWN_BUNDLE_REPLACED,
                () -> "the roster has another mask key for " + self + " in round " + round);
        return dealt;
    }

    private static RoundKeys dealtBy(SiteId site, @Nullable Bundle bundle, BlockTerms terms, RoundId round)
            throws RefusedException {
        if (bundle == null || !bundle.site().equals(site)) {
            throw new RefusedException(Reason.ANNOUNCED_WITHOUT_BUNDLE, site + " has no bundle in the roster");
        }
        try {
            return bundle.requireRound(terms, round);
        } catch (IllegalArgumentException unfit) {
            throw new RefusedException(Reason.BUNDLE_UNFIT, String.valueOf(unfit.getMessage()));
        }
    }

    static void refuseUnless(boolean holds, Reason reason, Supplier<String> detail) throws RefusedException {
        if (!holds) {
            throw new RefusedException(reason, detail.get());
        }
    }
}
