package dev.sotto.secagg;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What all sites of a block agree on before they deal: which rounds, who takes part under which encryption key, who is
 * whose neighbour, and how many shares give a secret back. Immutable.
 *
 * @param block the block
 * @param firstRound number of its first round, 1 or more
 * @param rounds number of rounds, 1 to 64
 * @param cohort encryption key of every site that was offered the block, 2 or more
 * @param graph of exactly the cohort's sites
 * @param threshold more than half of the holders of a secret's shares and at most all of them; see {@link Thresholds}
 *     and {@link GraphParameters}
 */
public record BlockTerms(
        BlockId block,
        int firstRound,
        int rounds,
        SortedMap<SiteId, AgreementPublicKey> cohort,
        NeighbourGraph graph,
        int threshold) {
    /** The most rounds that one block can have. */
    public static final int MAX_ROUNDS = 64;

    /** @throws IllegalArgumentException if a value is out of range */
    public BlockTerms {
        Require.that(firstRound >= 1, "first round of a block", firstRound, "1 or more");
        Require.that(rounds >= 1 && rounds <= MAX_ROUNDS, "rounds of a block", rounds, "1 to " + MAX_ROUNDS);
        int n = cohort.size();
        Require.that(n >= 2 && n <= ShamirShare.MAX_X, "cohort size", n, "2 to " + ShamirShare.MAX_X);
        cohort = Collections.unmodifiableSortedMap(new TreeMap<>(cohort));
        Require.that(graph.cohort().equals(cohort.keySet()), "graph", graph, "of exactly the cohort's " + n + " sites");
        int holders = graph.holders();
        // A majority, or a server that tells two stories could learn both secrets of a site.
        Require.that(
                Thresholds.toleratedColluders(holders, threshold) >= 0 && threshold <= holders,
                "threshold",
                threshold,
                Thresholds.completeGraph(holders) + " to " + holders + " for " + holders + " holders of each secret");
    }

    /**
     * The terms of a block on the complete graph.
     *
     * @throws IllegalArgumentException if a value is out of range
     */
    public static BlockTerms complete(
            BlockId block, int firstRound, int rounds, SortedMap<SiteId, AgreementPublicKey> cohort, int threshold) {
        return new BlockTerms(block, firstRound, rounds, cohort, NeighbourGraph.complete(cohort.keySet()), threshold);
    }

    /** Whether the block has this round. */
    public boolean contains(RoundId round) {
        return round.task().equals(block.task())
                && round.number() >= firstRound
                && round.number() - firstRound < rounds;
    }

    List<RoundId> roundIds() {
        List<RoundId> ids = new ArrayList<>(rounds);
        for (int i = 0; i < rounds; i++) {
            ids.add(new RoundId(block.task(), firstRound + i));
        }
        return ids;
    }

    /** The hash of all terms, 32 bytes: every sealed share is bound to it. */
    public byte[] rosterRoot() {
        List<byte[]> parts = new ArrayList<>();
        parts.add(LengthPrefixed.text("sotto/roster/v2"));
        parts.add(LengthPrefixed.text(block));
        parts.add(LengthPrefixed.number(firstRound));
        parts.add(LengthPrefixed.number(rounds));
        parts.add(LengthPrefixed.number(threshold));
        parts.add(LengthPrefixed.number(graph.degree()));
        parts.add(graph.beacon());
        cohort.forEach((site, key) -> {
            parts.add(LengthPrefixed.text(site));
            parts.add(key.bytes());
        });
        return Sha256.of(LengthPrefixed.of(parts.toArray(byte[][]::new)));
    }
}
