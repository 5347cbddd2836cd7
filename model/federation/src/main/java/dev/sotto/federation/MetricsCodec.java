package dev.sotto.federation;

import java.util.List;

/**
 * Metrics as ring entries. Each is cut to its bound and scaled so that the bound is {@link #unit()} lattice points; the
 * four together then have an L2 norm of at most {@link #norm()}, which the task's sensitivity includes. Immutable.
 */
public final class MetricsCodec {
    /** Twice the loss of guessing is more than a training that learns can show. */
    private static final double LOSS_OVER_GUESSING = 2;

    private final double[] bounds;
    private final int unit;

    /**
     * @param examples the most examples of a site and round, trained on or evaluated
     * @param heads whose losses are added up
     * @param unit lattice points at each metric's bound, at least 1
     */
    MetricsCodec(int examples, List<HeadSpec> heads, int unit) {
        Check.require(unit >= 1, "lattice points a metric", unit, "at least 1; raise encoding.scale");
        double guessing =
                heads.stream().mapToDouble(head -> Math.log(head.outputs())).sum();
        this.bounds = new double[] {examples, examples * LOSS_OVER_GUESSING * guessing, examples, examples};
        this.unit = unit;
    }

    /** Lattice points at a metric's bound. */
    public int unit() {
        return unit;
    }

    /** The largest L2 norm of the encoded metrics of one site. */
    public double norm() {
        return unit * Math.sqrt(RoundMetrics.ENTRIES);
    }

    /** The weight of a site that trained on so many examples: its share of the most, 0 to 1. */
    public double weight(RoundMetrics metrics) {
        return cut(metrics.examples(), bounds[0]);
    }

    /** Writes a site's metrics into {@code entries[from .. from + 4]}. */
    void encode(RoundMetrics metrics, int[] entries, int from) {
        // More held-out examples than the bound count as their share of the bound.
        double shrink = metrics.evaluated() > bounds[2] ? bounds[2] / metrics.evaluated() : 1;
        entries[from] = point(metrics.examples(), bounds[0]);
        entries[from + 1] = point(metrics.lossSum(), bounds[1]);
        entries[from + 2] = point(metrics.evaluated() * shrink, bounds[2]);
        entries[from + 3] = point(metrics.correct() * shrink, bounds[3]);
    }

    private int point(double value, double bound) {
        return (int) Math.round(cut(value, bound) * unit);
    }

    private static double cut(double value, double bound) {
        // Not a number is no metric: it counts as zero.
        return value > 0 ? Math.min(value, bound) / bound : 0;
    }

    /** Reads the sum of metrics from centre-lifted entries; noise may make each of them negative. */
    RoundMetrics decode(int[] sum, int from) {
        return new RoundMetrics(
                sum[from] * bounds[0] / unit,
                sum[from + 1] * bounds[1] / unit,
                sum[from + 2] * bounds[2] / unit,
                sum[from + 3] * bounds[3] / unit);
    }
}
