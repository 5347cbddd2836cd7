package dev.sotto.scoring;

import java.io.Serializable;

/**
 * When a message is an alert and what its explanation may cost.
 *
 * @param label the class that alerts are about
 * @param threshold probability from which on a message is one, in (0, 1]
 * @param critical probability from which on it is critical, between threshold and 1
 * @param maxWords scorings an explanation may cost, 1 or more
 * @param top words an explanation names, 1 or more
 * @param perBatch alerts of a batch that are explained, 0 or more
 */
public record AlertRule(String label, double threshold, double critical, int maxWords, int top, int perBatch)
        implements Serializable {
    public AlertRule {
        require(threshold > 0 && threshold <= 1, ScoringOptions.THRESHOLD.key(), threshold, "above 0, at most 1");
        require(
                critical >= threshold && critical <= 1,
                ScoringOptions.CRITICAL.key(),
                critical,
                "between the threshold " + threshold + " and 1");
        require(maxWords >= 1, ScoringOptions.EXPLAIN_WORDS.key(), maxWords, "at least 1");
        require(top >= 1, ScoringOptions.EXPLAIN_TOP.key(), top, "at least 1");
        require(perBatch >= 0, ScoringOptions.EXPLAIN_PER_BATCH.key(), perBatch, "at least 0");
    }

    private static void require(boolean holds, String key, Object value, String bound) {
        if (!holds) {
            throw new IllegalArgumentException("%s is %s but must be %s".formatted(key, value, bound));
        }
    }

    /** Whether a probability of the class makes an alert. */
    boolean raises(double probability) {
        return probability >= threshold;
    }

    Severity severity(double probability) {
        return probability >= critical ? Severity.CRITICAL : Severity.WARNING;
    }
}
