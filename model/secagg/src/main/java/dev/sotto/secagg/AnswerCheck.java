package dev.sotto.secagg;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Holds one site's answer, share by share, against what its dealers committed to (Bonawitz et al. 2017, section 4, round 4;
 * the commitments let the server name who sent a bad share). It needs the keys of those dealers alone. Immutable.
 */
public final class AnswerCheck {
    private final BlockTerms terms;
    private final SurvivorSet survivors;

    /** For the answers of one round. */
    public AnswerCheck(BlockTerms terms, SurvivorSet survivors) {
        this.terms = terms;
        this.survivors = survivors;
    }

    /**
     * What an answer is worth.
     *
     * @param good the shares that their dealers committed to, by dealer
     * @param bad the others, each the sender's fault
     */
    public record Checked(SortedMap<SiteId, ShamirShare> good, List<Acceptance.BadShare> bad) {
        /** Copies both. */
        public Checked {
            good = Collections.unmodifiableSortedMap(new TreeMap<>(good));
            bad = List.copyOf(bad);
        }
    }

    /**
     * Looks at every share.
     *
     * @param roster the sealed bundle of every announced site that the answer names
     * @throws IllegalArgumentException if a bundle does not fit the terms
     */
    public Checked check(UnmaskShares answer, Map<SiteId, Bundle> roster) {
        return check(answer, dealer -> {
            Bundle bundle = survivors.announced().contains(dealer) ? roster.get(dealer) : null;
            return bundle == null ? null : bundle.requireRound(terms, survivors.round());
        });
    }

    Checked check(UnmaskShares answer, Function<SiteId, @Nullable RoundKeys> dealt) {
        Set<SiteId> seen = new HashSet<>();
        SortedMap<SiteId, ShamirShare> good = new TreeMap<>();
        List<Acceptance.BadShare> bad = new ArrayList<>();
        for (OpenedShare share : answer.shares()) {
            RoundKeys keys = dealt.apply(share.of());
            Acceptance.Fault fault = null;
            if (keys == null) {
                fault = Acceptance.Fault.NOT_ANNOUNCED;
            } else if (share.kind() != survivors.kind(share.of())) {
                fault = Acceptance.Fault.WRONG_KIND;
            } else if (!seen.add(share.of())) {
                fault = Acceptance.Fault.REPEATED;
            } else if (!terms.graph().holds(answer.from(), share.of())) {
                fault = Acceptance.Fault.NOT_A_HOLDER;
            } else {
                int place = terms.graph().place(share.of(), answer.from());
                if (opens(keys.shares().get(place - 1), share, place)) {
                    good.put(share.of(), new ShamirShare(place, share.share()));
                } else {
                    fault = Acceptance.Fault.COMMITMENT_MISMATCH;
                }
            }
            if (fault != null) {
                bad.add(new Acceptance.BadShare(share.of(), fault));
            }
        }
        return new Checked(good, bad);
    }

    private static boolean opens(EncryptedShares dealt, OpenedShare share, int place) {
        return ShareCommitment.opens(dealt.commitment(share.kind()), share.kind(), place, share.share(), share.salt());
    }
}
