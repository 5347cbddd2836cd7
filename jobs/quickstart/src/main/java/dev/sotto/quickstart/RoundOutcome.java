package dev.sotto.quickstart;

import dev.sotto.contracts.avro.ReleasedMetrics;
import java.util.List;
import java.util.Optional;

/**
 * What the transcript says about a round that ended with a model.
 *
 * @param round the round
 * @param modelVersion the model it made
 * @param cohort announced sites
 * @param survivors sites in the sum
 * @param dropouts announced sites that are not
 * @param epsilon spent so far
 * @param delta the delta of the statement
 * @param metrics what the noised sum says about the sites' work, if it does
 */
record RoundOutcome(
        int round,
        int modelVersion,
        List<String> cohort,
        List<String> survivors,
        List<String> dropouts,
        double epsilon,
        double delta,
        Optional<ReleasedMetrics> metrics) {}
