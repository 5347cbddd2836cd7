package dev.sotto.federation;

/** Turns a group's noised, centre-lifted sum of one chunk back into a mean update. Immutable. */
public final class SumDecoder {
    /**
     * The least weight of a site on average: noise must not bring the divisor near zero. A sum of sites that all trained on
     * less than a twentieth of what the task allows moves the model less than its mean would.
     */
    private static final double LEAST_WEIGHT = 0.05;

    /** The norm of d noise entries exceeds sigma (sqrt(d) + 8) with probability below exp(-32). */
    private static final double NOISE_TAIL = 8;

    private final double scale;
    private final MetricsCodec metrics;
    private final double bound;
    private final double sigma;

    /** A decoder for a task's sums. */
    public SumDecoder(TaskDefinition task) {
        this.scale = task.encoding().scale();
        this.metrics = task.metrics();
        this.bound = task.encoding().delta2(task.layout().size());
        this.sigma = task.sigma();
    }

    /**
     * Decodes.
     *
     * @param sum a chunk's entries, metrics first, each between -2^(m-1) and 2^(m-1)
     * @param parameters how many parameters follow the metrics; the rest is padding
     * @param sites the sites in the sum, 1 or more
     */
    public GroupMean decode(int[] sum, int parameters, int sites) {
        Check.require(sites >= 1, "sites in a sum", sites, "at least 1");
        RoundMetrics summed = metrics.decode(sum, 0);
        double weight = Math.min(sites, Math.max(LEAST_WEIGHT * sites, (double) sum[0] / metrics.unit()));
        double unit = 1 / (scale * weight);
        float[] mean = new float[parameters];
        double square = 0;
        for (int i = 0; i < parameters; i++) {
            double entry = sum[RoundMetrics.ENTRIES + i];
            square += entry * entry;
            mean[i] = (float) (entry * unit);
        }
        double longest = sites * bound + sigma * (Math.sqrt(parameters) + NOISE_TAIL);
        return new GroupMean(weight, summed, mean, Math.sqrt(square) <= longest);
    }
}
