package dev.sotto.scoring;

import java.io.Serializable;
import java.time.Duration;

/**
 * What a message must keep to.
 *
 * @param maxCharacters UTF-16 units a text may have, 1 or more
 * @param skew how far a message's time may lie after its record's timestamp, 0 or longer
 * @param outOfOrder how far event times may be out of order before surges miss them, 0 or longer
 * @param idleAfter silence after which a partition no longer holds event time back, positive
 */
public record TextRule(int maxCharacters, Duration skew, Duration outOfOrder, Duration idleAfter)
        implements Serializable {
    public TextRule {
        require(maxCharacters >= 1, ScoringOptions.TEXT_LIMIT.key(), maxCharacters, "at least 1");
        require(!skew.isNegative(), ScoringOptions.CLOCK_SKEW.key(), skew, "0 or longer");
        require(!outOfOrder.isNegative(), ScoringOptions.OUT_OF_ORDER.key(), outOfOrder, "0 or longer");
        require(idleAfter.toMillis() > 0, ScoringOptions.IDLE.key(), idleAfter, "positive");
    }

    private static void require(boolean holds, String key, Object value, String bound) {
        if (!holds) {
            throw new IllegalArgumentException("%s is %s but must be %s".formatted(key, value, bound));
        }
    }
}
