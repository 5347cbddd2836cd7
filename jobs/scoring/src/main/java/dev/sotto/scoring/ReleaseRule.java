package dev.sotto.scoring;

import dev.sotto.contracts.Topics;
import dev.sotto.privacy.CountContext;
import dev.sotto.privacy.CountNoise;
import dev.sotto.privacy.DiscreteLaplace;
import dev.sotto.privacy.NoiseSecret;
import dev.sotto.secagg.TaskId;
import java.io.IOException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;

/**
 * What is released about scored messages, and under which guarantee.
 *
 * <p>Neighbours are two sets of counted messages of which one has a conversation more: any number of messages, in any windows. Of those at most
 * {@code messages} count in a window, each adding 1 to one cell, so the exact counts of the window differ by at most {@code messages} in L1. Under
 * discrete Laplace noise of scale messages / epsilon a window's release is epsilon-differentially private (delta is 0), and so are k of
 * them together with k epsilon, by sequential composition, however a conversation spreads over windows.
 *
 * @param task the task
 * @param labels its classes
 * @param topics the subjects that are counted, after anonymization; fixed, since a list made from the data would give away who is in it
 * @param from when the first window starts; fixed, since a first window found in the data would give away when someone first spoke
 * @param window the length of a window, positive
 * @param messages the most messages of one conversation that count in a window, from 1; also the L1 sensitivity
 * @param epsilon of one window, positive; a decimal number, so that sums are exact
 * @param budget what the epsilons of all windows may add up to, at least epsilon
 * @param secretFile the noise's secret, a file on every task manager; it never travels
 */
public record ReleaseRule(
        String task,
        List<String> labels,
        List<String> topics,
        Instant from,
        Duration window,
        int messages,
        BigDecimal epsilon,
        BigDecimal budget,
        String secretFile)
        implements Serializable {
    /** So that a record fits the topic. */
    private static final int MOST_CELLS = 4096;

    private static final int MOST_MESSAGES = 10_000;
    private static final int MOST_WINDOWS = 1_000_000;

    public ReleaseRule {
        labels = List.copyOf(labels);
        topics = List.copyOf(topics);
        String key = ScoringOptions.RELEASE_TOPICS.key();
        require(!topics.isEmpty(), key, topics, "one topic or more; name them, separated by semicolons");
        for (String topic : topics) {
            require(
                    !topic.isBlank() && topic.length() <= TextParser.SUBJECT_LIMIT,
                    key,
                    topics,
                    "topics of 1 to %d characters".formatted(TextParser.SUBJECT_LIMIT));
        }
        require(
                new HashSet<>(topics).size() == topics.size(),
                key,
                topics,
                "different topics; leave out what is twice");
        require(
                (long) topics.size() * labels.size() <= MOST_CELLS,
                key,
                topics.size() + " topics",
                "at most %d, with %d labels; leave some out".formatted(MOST_CELLS / labels.size(), labels.size()));
        require(window.toMillis() > 0, ScoringOptions.RELEASE_WINDOW.key(), window, "a millisecond or longer");
        require(
                from.toEpochMilli() >= 0,
                ScoringOptions.RELEASE_FROM.key(),
                from,
                "1970-01-01T00:00:00Z or later, as messages are");
        require(
                messages >= 1 && messages <= MOST_MESSAGES,
                ScoringOptions.RELEASE_MESSAGES.key(),
                messages,
                "1 to " + MOST_MESSAGES);
        require(epsilon.signum() > 0, ScoringOptions.RELEASE_EPSILON.key(), epsilon, "positive");
        require(
                budget.compareTo(epsilon) >= 0,
                ScoringOptions.RELEASE_BUDGET.key(),
                budget,
                "at least the epsilon of one window, " + epsilon + "; raise it, or lower "
                        + ScoringOptions.RELEASE_EPSILON.key());
        try {
            DiscreteLaplace.ofEpsilon(messages, atMost(epsilon));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "%s is %s: %s".formatted(ScoringOptions.RELEASE_EPSILON.key(), epsilon, e.getMessage()), e);
        }
        require(
                budget.compareTo(epsilon.multiply(BigDecimal.valueOf(MOST_WINDOWS))) <= 0,
                ScoringOptions.RELEASE_BUDGET.key(),
                budget,
                "at most %d windows of epsilon %s; lower it, or raise ".formatted(MOST_WINDOWS, epsilon)
                        + ScoringOptions.RELEASE_EPSILON.key());
    }

    private static void require(boolean holds, String key, Object value, String bound) {
        if (!holds) {
            throw new IllegalArgumentException("%s is %s but must be %s".formatted(key, value, bound));
        }
    }

    /** The nearest double that is not above the decimal number: more noise than charged for, never less. */
    private static double atMost(BigDecimal decimal) {
        double nearest = decimal.doubleValue();
        boolean above = Double.isInfinite(nearest) || new BigDecimal(nearest).compareTo(decimal) > 0;
        return above ? Math.nextDown(nearest) : nearest;
    }

    /** The number of counts in a window: topics times labels. */
    int cells() {
        return topics.size() * labels.size();
    }

    /** The cell of a topic and a label, topics first; -1 if one of them is not released. */
    int cell(String topic, String label) {
        int row = topics.indexOf(topic);
        int column = labels.indexOf(label);
        return row < 0 || column < 0 ? -1 : row * labels.size() + column;
    }

    /** The start of the first window, in milliseconds of the epoch. */
    long start() {
        return from.toEpochMilli();
    }

    /** The length of a window in milliseconds. */
    long size() {
        return window.toMillis();
    }

    /** The start of the window that holds a time at or after {@link #start}. */
    long windowStart(long time) {
        return start() + (time - start()) / size() * size();
    }

    TaskId taskId() {
        return new TaskId(task);
    }

    /**
     * Reads the noise's secret; whoever takes it destroys it.
     *
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if there is no secret in it
     */
    NoiseSecret readSecret() throws IOException {
        return NoiseSecret.read(Path.of(secretFile));
    }

    /** Noise for one window at a time. */
    CountNoise noise(NoiseSecret secret) {
        return CountNoise.create(secret, messages, atMost(epsilon));
    }

    /** What the noise of a window is for. The schedule is in it: two schedules that count alike must not draw alike. */
    CountContext context(long windowStart) {
        return new CountContext(Topics.RELEASED.name(), windowStart, schedule());
    }

    /** What one window's release depends on but the data and the secret, in words; the budget only says how many there are. */
    String schedule() {
        return "task=%s, labels=%s, topics=%s, from=%s, window=%s, messages=%d, epsilon=%s"
                .formatted(
                        task,
                        labels,
                        topics,
                        from,
                        window,
                        messages,
                        epsilon.stripTrailingZeros().toPlainString());
    }
}
