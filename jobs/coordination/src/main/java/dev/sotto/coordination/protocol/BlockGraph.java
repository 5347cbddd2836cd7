package dev.sotto.coordination.protocol;

import dev.sotto.secagg.AgreementPublicKey;
import dev.sotto.secagg.BlockId;
import dev.sotto.secagg.BlockTerms;
import dev.sotto.secagg.NeighbourGraph;
import dev.sotto.secagg.SiteId;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who masks against whom in a block and how many shares give a secret back, as states and messages carry it.
 *
 * @param threshold shares it takes to reconstruct a secret
 * @param degree neighbours of every site; 0: everybody is everybody's
 * @param beacon what the order of a sparse graph was drawn from; empty for the complete one
 * @param cohort the encryption key of every site that was offered the block; their order gives the shares' places
 */
public record BlockGraph(int threshold, int degree, byte[] beacon, SortedMap<SiteId, byte[]> cohort) {
    static BlockGraph of(BlockTerms terms) {
        SortedMap<SiteId, byte[]> cohort = new TreeMap<>();
        terms.cohort().forEach((site, key) -> cohort.put(site, key.bytes()));
        return new BlockGraph(
                terms.threshold(),
                terms.graph().degree(),
                terms.graph().beacon(),
                Collections.unmodifiableSortedMap(cohort));
    }

    /** The terms of a block of some rounds on this graph. */
    BlockTerms terms(BlockId block, int firstRound, int rounds) {
        SortedMap<SiteId, AgreementPublicKey> keys = new TreeMap<>();
        cohort.forEach((site, key) -> keys.put(site, AgreementPublicKey.of(key)));
        return new BlockTerms(block, firstRound, rounds, keys, neighbours(), threshold);
    }

    /**
     * The sites that can be in a round together: of those at hand, without whoever has too few of the others to hold its
     * shares, without whoever then has too few, and so on.
     */
    SortedSet<SiteId> reachable(SortedSet<SiteId> atHand) {
        NeighbourGraph graph = neighbours();
        SortedSet<SiteId> left = new TreeSet<>(atHand);
        SortedSet<SiteId> cut = withTooFew(graph, left, left);
        while (!cut.isEmpty()) {
            left.removeAll(cut);
            cut = withTooFew(graph, left, left);
        }
        return Collections.unmodifiableSortedSet(left);
    }

    /** The announced sites whose secrets the survivors are too few to give back. */
    SortedSet<SiteId> lost(SortedSet<SiteId> announced, SortedSet<SiteId> survivors) {
        return withTooFew(neighbours(), announced, survivors);
    }

    /**
     * The fewest sites that a round of this block is opened with and that must be in its sums. On a sparse graph that is no
     * less than the dropouts it was drawn for leave over: with more of them gone, those left need not hang together.
     */
    int least(CoordinatedTask task) {
        return task.leastSites(cohort.size(), threshold, degree == 0);
    }

    private NeighbourGraph neighbours() {
        return NeighbourGraph.of(cohort.keySet(), degree, beacon);
    }

    private SortedSet<SiteId> withTooFew(NeighbourGraph graph, SortedSet<SiteId> dealers, SortedSet<SiteId> holders) {
        if (degree == 0) {
            return holders.size() >= threshold ? Collections.emptySortedSet() : new TreeSet<>(dealers);
        }
        SortedSet<SiteId> tooFew = new TreeSet<>();
        for (SiteId dealer : dealers) {
            if (graph.holders(dealer).stream().filter(holders::contains).count() < threshold) {
                tooFew.add(dealer);
            }
        }
        return tooFew;
    }
}
