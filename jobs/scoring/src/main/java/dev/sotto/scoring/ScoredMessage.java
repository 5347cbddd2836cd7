package dev.sotto.scoring;

import dev.sotto.contracts.ServingTurn;
import java.util.List;

/**
 * An anonymized message with its scores.
 *
 * @param message the message
 * @param labels the classes
 * @param probabilities one per class, summing to one
 * @param modelVersion the version that scored it
 * @param modelReach the last version that it stands in for; more than its own after a rollback
 * @param explanation the words that speak loudest, the strongest first; empty unless the message is an alert
 */
public record ScoredMessage(
        AnonymizedMessage message,
        List<String> labels,
        float[] probabilities,
        int modelVersion,
        int modelReach,
        List<WordScore> explanation) {

    /** The place of the model in the order in which models serve. */
    ServingTurn turn() {
        return new ServingTurn(modelVersion, modelReach);
    }

    /** The most probable class. */
    public String label() {
        int best = 0;
        for (int i = 1; i < probabilities.length; i++) {
            if (probabilities[i] > probabilities[best]) {
                best = i;
            }
        }
        return labels.get(best);
    }

    /**
     * The probability of a class.
     *
     * @throws IllegalArgumentException if the model has no such class
     */
    public float probability(String label) {
        int index = labels.indexOf(label);
        if (index < 0) {
            throw new IllegalArgumentException("the model has no class '%s', only %s".formatted(label, labels));
        }
        return probabilities[index];
    }
}
