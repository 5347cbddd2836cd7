package dev.sotto.federation;

import java.util.Arrays;
import java.util.List;

/** Turns a group's noised, centre-lifted sum of one chunk back into a mean update. Immutable. */
public final class SumDecoder {
    /**
     * The least weight of a site on average: noise must not bring the divisor near zero. A sum of sites that all trained on
     * less than a twentieth of what the task allows moves the model less than its mean would.
     */
    private static final double LEAST_WEIGHT = 0.05;

    /** The norm of d noise entries exceeds sigma (sqrt(d) + 8) with probability below exp(-32). */
    private static final double NOISE_TAIL = 8;

    private final TaskDefinition task;
    private final double scale;
    private final MetricsCodec metrics;
    private final TallyCodec tally;
    private final int parameters;
    private final ChunkLayout chunks;
    private final double bound;
    private final double sigma;

    /** A decoder for a task's sums. */
    public SumDecoder(TaskDefinition task) {
        this.task = task;
        this.scale = task.encoding().scale();
        this.metrics = task.metrics();
        this.tally = task.tally();
        this.parameters = task.layout().size();
        this.chunks = task.chunks();
        this.bound = task.encoding().delta2(chunks.dimension());
        this.sigma = task.sigma();
    }

    /**
     * Decodes a sum to which the noise was added.
     *
     * @param sum a chunk's entries, metrics first, each between -2^(m-1) and 2^(m-1)
     * @param parameters how many parameters follow the metrics; the rest is padding
     * @param sites the sites in the sum, 1 or more
     * @throws ConfigurationException if sites add the task's noise, its clip is adaptive or they tell a tally: then it must be known
     *     which round and chunk it is
     */
    public GroupMean decode(int[] sum, int parameters, int sites) {
        Check.require(
                !task.privacy().distributed(),
                "privacy.mode",
                task.privacy().mode(),
                "'central' to decode without naming the round and the chunk");
        Check.require(
                task.encoding().adaptive() == null,
                "encoding.adaptive",
                "given",
                "left out to decode without naming the chunk");
        Check.require(
                task.encoding().tally() == null,
                "encoding.tally",
                "given",
                "left out to decode without naming the chunk");
        return mean(sum, doubles(sum, parameters), parameters, sites, sigma, List.of(), Double.NaN);
    }

    /**
     * Decodes, in either mode. The mean still has to be multiplied by the round's {@link EncodingSettings#enlargement}.
     *
     * @param sum the {@link ChunkLayout#entriesOf} the chunk, metrics first, noise included, each between -2^(m-1) and 2^(m-1)
     */
    public GroupMean decode(int[] sum, SumTerms terms) {
        int chunk = terms.chunk();
        double[] entries;
        double noise;
        if (task.privacy().distributed()) {
            entries = doubles(sum, chunks.dimensionOf(chunk));
            RandomizedHadamard.of(terms.round(), chunk, entries.length).restore(entries, 0);
            noise = task.noiseShare(terms.announced()).sumSigma(terms.sites());
        } else {
            entries = doubles(sum, chunks.parametersOf(chunk));
            noise = sigma;
        }
        int values = within(parameters, chunk);
        List<Double> told = tally.decode(entries, values, within(parameters + tally.size(), chunk));
        return mean(sum, entries, values, terms.sites(), noise, told, unclipped(entries, terms));
    }

    /** How many of the first so many numbers lie in a chunk or before its end, counted from its beginning. */
    private int within(int numbers, int chunk) {
        return Math.min(chunks.parametersOf(chunk), Math.max(0, numbers - chunks.firstParameter(chunk)));
    }

    /** The number behind all others, if the chunk has it. */
    private double unclipped(double[] entries, SumTerms terms) {
        AdaptiveClip adaptive = task.encoding().adaptive();
        if (adaptive == null || terms.chunk() < chunks.chunks() - 1) {
            return Double.NaN;
        }
        double sum = entries[chunks.parametersOf(terms.chunk()) - 1];
        return adaptive.unclipped(scale * task.encoding().clipNorm(), sum, terms.sites());
    }

    private static double[] doubles(int[] sum, int count) {
        double[] entries = new double[count];
        Arrays.setAll(entries, i -> sum[RoundMetrics.ENTRIES + i]);
        return entries;
    }

    private GroupMean mean(
            int[] sum, double[] entries, int values, int sites, double noise, List<Double> told, double unclipped) {
        Check.require(sites >= 1, "sites in a sum", sites, "at least 1");
        RoundMetrics summed = metrics.decode(sum, 0).withTally(told);
        double weight = Math.min(sites, Math.max(LEAST_WEIGHT * sites, (double) sum[0] / metrics.unit()));
        double unit = 1 / (scale * weight);
        float[] mean = new float[values];
        double square = 0;
        for (int i = 0; i < entries.length; i++) {
            square += entries[i] * entries[i];
        }
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (float) (entries[i] * unit);
        }
        double longest = sites * bound + noise * (Math.sqrt(entries.length) + NOISE_TAIL);
        return new GroupMean(weight, summed, mean, unclipped, Math.sqrt(square) <= longest);
    }
}
