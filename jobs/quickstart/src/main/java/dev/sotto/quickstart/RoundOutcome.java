package dev.sotto.quickstart;

import java.util.List;

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
 */
record RoundOutcome(
        int round,
        int modelVersion,
        List<String> cohort,
        List<String> survivors,
        List<String> dropouts,
        double epsilon,
        double delta) {}
