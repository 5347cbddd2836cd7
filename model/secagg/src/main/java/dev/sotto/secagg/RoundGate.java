package dev.sotto.secagg;

import dev.sotto.secagg.RefusedException.Reason;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a site checks about a round before it uses its secrets, be it for masking or for answering. */
final class RoundGate {
    private RoundGate() {}

    /** Returns the public part of the round of every announced site. */
    static SortedMap<SiteId, RoundKeys> check(
            BlockSecrets secrets, Map<SiteId, Bundle> roster, RoundId round, SortedSet<SiteId> announced)
            throws RefusedException {
        BlockTerms terms = secrets.terms();
        SiteId self = secrets.self();
        refuseUnless(
                terms.contains(round), Reason.ROUND_UNKNOWN, "round " + round + " is not in block " + terms.block());
        refuseUnless(secrets.holds(round), Reason.ROUND_ERASED, "the secrets of round " + round + " have been erased");
        refuseUnless(
                announced.contains(self), Reason.SELF_NOT_ANNOUNCED, self + " is not among the announced " + announced);
        refuseUnless(
                announced.size() >= terms.threshold(),
                Reason.ANNOUNCED_BELOW_THRESHOLD,
                announced.size() + " sites are announced but it takes " + terms.threshold() + " to reconstruct");
        SortedMap<SiteId, RoundKeys> dealt = new TreeMap<>();
        for (SiteId site : announced) {
            dealt.put(site, dealtBy(site, roster.get(site), terms, round));
        }
        RoundKeys own = dealt.get(self);
        refuseUnless(
                own != null && own.maskKey().equals(secrets.of(round).maskKey().publicKey()),
                Reason.OWN_BUNDLE_REPLACED,
                "the roster has another mask key for " + self + " in round " + round);
        return dealt;
    }

    private static RoundKeys dealtBy(SiteId site, @Nullable Bundle bundle, BlockTerms terms, RoundId round)
            throws RefusedException {
        if (bundle == null || !bundle.site().equals(site)) {
            throw new RefusedException(Reason.ANNOUNCED_WITHOUT_BUNDLE, site + " has no bundle in the roster");
        }
        try {
            bundle.requireFits(terms);
        } catch (IllegalArgumentException unfit) {
            throw new RefusedException(Reason.BUNDLE_UNFIT, String.valueOf(unfit.getMessage()));
        }
        return bundle.round(round.number());
    }

    static void refuseUnless(boolean holds, Reason reason, String detail) throws RefusedException {
        if (!holds) {
            throw new RefusedException(reason, detail);
        }
    }
}
