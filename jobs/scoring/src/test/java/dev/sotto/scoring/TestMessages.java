package dev.sotto.scoring;

import dev.sotto.contracts.ServingTurn;
import java.util.List;

/** Messages and scores for tests of single operators. */
final class TestMessages {
    private TestMessages() {}

    static AnonymizedMessage message(long offset, String subject, long time, String text) {
        return new AnonymizedMessage(
                Channel.CHAT,
                "m" + offset,
                "c" + offset,
                subject,
                null,
                time,
                text,
                List.of(new RedactedSpan("EMAIL", 0, 4)),
                new Coordinates("text.chat", 0, offset));
    }

    static ScoredMessage scored(AnonymizedMessage message, double negative, int version) {
        return scored(message, negative, ServingTurn.made(version));
    }

    static ScoredMessage scored(AnonymizedMessage message, double negative, ServingTurn turn) {
        float rest = (float) (1 - negative) / 2;
        return new ScoredMessage(
                message,
                List.of("negative", "neutral", "positive"),
                new float[] {(float) negative, rest, rest},
                turn.version(),
                turn.reach(),
                List.of(new WordScore(0, 4, "text", 0.25)));
    }
}
