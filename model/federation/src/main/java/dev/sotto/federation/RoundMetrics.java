package dev.sotto.federation;

import java.util.ArrayList;
import java.util.List;

/**
 * What a site says about its work in a round. It travels masked, the four counts in front of every chunk and the tally behind the
 * update, and is known only as a sum.
 *
 * @param examples examples trained on, zero or more; the site's weight
 * @param lossSum training loss summed over them, in nats, zero or more
 * @param evaluated judgements of heads on held-out examples, of the model before training
 * @param correct how many of them were right
 * @param tally the judgements class by class, {@link HeadSpec#tallies} for every head; empty where it is not told
 */
public record RoundMetrics(double examples, double lossSum, double evaluated, double correct, List<Double> tally) {
    /** Ring entries that metrics take: as many as the granularity of masks. */
    public static final int ENTRIES = 4;

    /** Nothing. */
    public static final RoundMetrics NONE = new RoundMetrics(0, 0, 0, 0);

    public RoundMetrics {
        tally = List.copyOf(tally);
    }

    /** Metrics without a tally. */
    public RoundMetrics(double examples, double lossSum, double evaluated, double correct) {
        this(examples, lossSum, evaluated, correct, List.of());
    }

    /** The same with another tally. */
    public RoundMetrics withTally(List<Double> other) {
        return new RoundMetrics(examples, lossSum, evaluated, correct, other);
    }

    /**
     * The sum of both.
     *
     * @throws IllegalArgumentException if both have a tally and not of the same length
     */
    public RoundMetrics plus(RoundMetrics other) {
        return new RoundMetrics(
                examples + other.examples,
                lossSum + other.lossSum,
                evaluated + other.evaluated,
                correct + other.correct,
                sum(tally, other.tally));
    }

    private static List<Double> sum(List<Double> one, List<Double> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isEmpty() ? other : one;
        }
        if (one.size() != other.size()) {
            throw new IllegalArgumentException(
                    "tallies of %d and %d numbers have no sum".formatted(one.size(), other.size()));
        }
        List<Double> sum = new ArrayList<>();
        for (int i = 0; i < one.size(); i++) {
            sum.add(one.get(i) + other.get(i));
        }
        return sum;
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
