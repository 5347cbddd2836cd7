package dev.sotto.federation;

/**
 * That sites tell how a model judged their held-out rows, class by class ({@link TallyCodec}).
 *
 * @param share the share of the clip norm that is for it, 0.05 to 0.5: more makes the figures exacter and leaves less room for the
 *     update
 * @param judged the most judgements that a site counts with, 1 to 100,000: a site that made more tells its shares of so many; fewer
 *     make the figures exacter
 */
public record TallySettings(double share, int judged) {
    /** The most judgements. */
    private static final int MAX_JUDGED = 100_000;

    public TallySettings {
        Check.require(share >= 0.05 && share <= 0.5, "encoding.tally.share", share, "between 0.05 and 0.5");
        Check.require(
                judged >= 1 && judged <= MAX_JUDGED, "encoding.tally.judged", judged, "between 1 and " + MAX_JUDGED);
    }
}
