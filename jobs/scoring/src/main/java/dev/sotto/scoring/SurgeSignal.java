package dev.sotto.scoring;

/**
 * A surge that begins or ends.
 *
 * @param firing true at its beginning, false at its end
 * @param startsAt event time of its beginning: the end of the first window that was too negative
 * @param at event time of this signal
 * @param messages messages in the window that ends then
 * @param negatives negatives among them
 * @param baseline the rate expected
 * @param tail P[X >= negatives] under it
 * @param modelVersion the model version whose scores were counted
 * @param reason why it begins or ends: {@link #RATE}, {@link #CALM} or {@link #MODEL}
 */
public record SurgeSignal(
        boolean firing,
        long startsAt,
        long at,
        long messages,
        long negatives,
        double baseline,
        double tail,
        int modelVersion,
        String reason) {
    /** The rate left the baseline. */
    public static final String RATE = "rate";

    /** The rate came back. */
    public static final String CALM = "calm";

    /** A newer model version scores differently, so that its counts cannot be held against the old baseline. */
    public static final String MODEL = "model";
}
