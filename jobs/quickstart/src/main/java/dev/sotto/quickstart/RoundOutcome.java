package dev.sotto.quickstart;

import dev.sotto.bert.ModelEvaluation;
import dev.sotto.contracts.avro.ReleasedMetrics;
import dev.sotto.federation.ModelDesign;
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
 * @param tally what it says of their judgements by class, if the task wants it told
 */
record RoundOutcome(
        int round,
        int modelVersion,
        List<String> cohort,
        List<String> survivors,
        List<String> dropouts,
        double epsilon,
        double delta,
        Optional<ReleasedMetrics> metrics,
        Optional<List<Double>> tally) {
    /**
     * How the model that the round began with did on the rows held out at its survivors, as far as the noise lets it be seen.
     *
     * @return empty if the task does not tell it or nothing is left of it
     */
    Optional<ModelEvaluation> judged(ModelDesign design) {
        return tally.map(counts -> ModelEvaluation.ofTally(design, counts))
                .filter(evaluation -> !evaluation.heads().isEmpty());
    }
}
