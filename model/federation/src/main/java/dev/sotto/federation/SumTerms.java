package dev.sotto.federation;

import dev.sotto.secagg.RoundId;

/**
 * What one group's sum of one chunk is a sum of.
 *
 * @param round the round
 * @param chunk the chunk's index
 * @param announced the sites that were announced for the group, at least {@code sites}
 * @param sites those of them that are in the sum, at least 1
 */
public record SumTerms(RoundId round, int chunk, int announced, int sites) {
    public SumTerms {
        Check.require(chunk >= 0, "chunk", chunk, "0 or more");
        Check.require(sites >= 1 && sites <= announced, "sites in a sum", sites, "1 to the announced " + announced);
    }
}
