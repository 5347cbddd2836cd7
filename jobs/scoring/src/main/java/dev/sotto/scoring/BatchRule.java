package dev.sotto.scoring;

import java.io.Serializable;
import java.time.Duration;

/**
 * How messages are gathered into batches, and what happens before there is a model.
 *
 * @param size messages a batch holds at most, 1 or more
 * @param delay how long a message waits for others at most, positive
 * @param waiting messages kept in state until the first model is there, 1 or more
 * @param pause beyond that number, the time between two messages
 * @param retry time until an accepted model that could not be fetched is tried again, positive
 */
public record BatchRule(int size, Duration delay, int waiting, Duration pause, Duration retry) implements Serializable {
    public BatchRule {
        require(size >= 1, ScoringOptions.BATCH.key(), size, "at least 1");
        require(delay.toMillis() >= 1, ScoringOptions.BATCH_DELAY.key(), delay, "at least 1 ms");
        require(waiting >= 1, ScoringOptions.WAITING.key(), waiting, "at least 1");
        require(!pause.isNegative(), ScoringOptions.WAITING_PAUSE.key(), pause, "0 or longer");
        require(retry.toMillis() >= 1, ScoringOptions.MODEL_RETRY.key(), retry, "at least 1 ms");
    }

    private static void require(boolean holds, String key, Object value, String bound) {
        if (!holds) {
            throw new IllegalArgumentException("%s is %s but must be %s".formatted(key, value, bound));
        }
    }
}
