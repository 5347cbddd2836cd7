package dev.sotto.federation;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

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
    private final ChunkLayout chunks;
    private final double bound;
    private final double sigma;

    /** A decoder for a task's sums. */
    public SumDecoder(TaskDefinition task) {
        this.task = task;
        this.scale = task.encoding().scale();
        this.metrics = task.metrics();
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
     * @throws ConfigurationException if sites add the task's noise or its clip is adaptive: then it must be known which round and
     *     chunk it is
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
        return mean(sum, doubles(sum, parameters), parameters, sites, sigma, null);
    }

    /**
     * Decodes, in either mode. The mean still has to be multiplied by the round's {@link EncodingSettings#enlargement}.
     *
     * @param sum the {@link ChunkLayout#entriesOf} the chunk, metrics first, noise included, each between -2^(m-1) and 2^(m-1)
     */
    public GroupMean decode(int[] sum, SumTerms terms) {
        int parameters = chunks.parametersOf(terms.chunk());
        if (!task.privacy().distributed()) {
            return mean(sum, doubles(sum, parameters), parameters, terms.sites(), sigma, bit(terms.chunk()));
        }
        double[] entries = doubles(sum, chunks.dimensionOf(terms.chunk()));
        RandomizedHadamard.of(terms.round(), terms.chunk(), entries.length).restore(entries, 0);
        double noise = task.noiseShare(terms.announced()).sumSigma(terms.sites());
        return mean(sum, entries, parameters, terms.sites(), noise, bit(terms.chunk()));
    }

    /** How the chunk's last number is read, if it is the bit of an adaptive clip. */
    private @Nullable AdaptiveClip bit(int chunk) {
        return chunk == chunks.chunks() - 1 ? task.encoding().adaptive() : null;
    }

    private static double[] doubles(int[] sum, int count) {
        double[] entries = new double[count];
        Arrays.setAll(entries, i -> sum[RoundMetrics.ENTRIES + i]);
        return entries;
    }

    private GroupMean mean(
            int[] sum, double[] entries, int numbers, int sites, double noise, @Nullable AdaptiveClip bit) {
        Check.require(sites >= 1, "sites in a sum", sites, "at least 1");
        RoundMetrics summed = metrics.decode(sum, 0);
        double weight = Math.min(sites, Math.max(LEAST_WEIGHT * sites, (double) sum[0] / metrics.unit()));
        double unit = 1 / (scale * weight);
        float[] mean = new float[bit == null ? numbers : numbers - 1];
        double square = 0;
        for (int i = 0; i < entries.length; i++) {
            square += entries[i] * entries[i];
        }
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (float) (entries[i] * unit);
        }
        double unclipped = bit == null
                ? Double.NaN
                : bit.unclipped(scale * task.encoding().clipNorm(), entries[numbers - 1], sites);
        double longest = sites * bound + noise * (Math.sqrt(entries.length) + NOISE_TAIL);
        return new GroupMean(weight, summed, mean, unclipped, Math.sqrt(square) <= longest);
    }
}
