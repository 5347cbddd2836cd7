package dev.sotto.federation;

/**
 * What a site says about its work in a round. It travels masked in front of every chunk and is known only as a sum.
 *
 * @param examples examples trained on, zero or more; the site's weight
 * @param lossSum training loss summed over them, in nats, zero or more
 * @param evaluated judgements of heads on held-out examples, of the model before training
 * @param correct how many of them were right
 */
public record RoundMetrics(double examples, double lossSum, double evaluated, double correct) {
    /** Ring entries that metrics take: as many as the granularity of masks. */
    public static final int ENTRIES = 4;

    /** Nothing. */
    public static final RoundMetrics NONE = new RoundMetrics(0, 0, 0, 0);

    /** The sum of both. */
    public RoundMetrics plus(RoundMetrics other) {
        return new RoundMetrics(
                examples + other.examples,
                lossSum + other.lossSum,
                evaluated + other.evaluated,
                correct + other.correct);
    }

    /** The mean training loss, in nats; zero without examples. */
    public double meanLoss() {
        return examples > 0 ? lossSum / examples : 0;
    }

    /** The share of held-out examples that were right, cut to 0 to 1, as noise can lead out of it; zero without any. */
    public double accuracy() {
        return evaluated > 0 ? Math.min(1, Math.max(0, correct / evaluated)) : 0;
    }
}
