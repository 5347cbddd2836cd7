package dev.sotto.federation;

import dev.sotto.privacy.DiscreteGaussianTable;
import dev.sotto.privacy.RandomWords;
import java.util.Arrays;

/**
 * The sum of the clipped gradients of a batch, on the lattice of {@link RecordNoise}: exact, so that neither the order nor the
 * cutting of the batch into parts shows. One object serves many batches. Not thread-safe.
 */
public final class ClippedSum {
    private final double clipNorm;
    private final double scale;
    private final long[] sum;
    private final DiscreteGaussianTable noise;

    /** An empty sum. */
    public ClippedSum(RecordNoise noise) {
        this.clipNorm = noise.clipNorm();
        this.scale = noise.scale();
        this.sum = new long[noise.dimension()];
        this.noise = DiscreteGaussianTable.of(noise.distribution());
    }

    /**
     * Adds a record's gradient, cut to the clip norm. One with an entry that is not finite adds nothing: an error would tell of
     * the record.
     *
     * @param gradients holds the gradient
     * @param from its first entry; it has as many as the lattice has dimensions
     */
    public void add(float[] gradients, int from) {
        double square = 0;
        for (int i = 0; i < sum.length; i++) {
            double entry = gradients[from + i];
            square += entry * entry;
        }
        if (!Double.isFinite(square)) {
            return;
        }
        double norm = Math.sqrt(square);
        double factor = norm <= clipNorm ? scale : scale * clipNorm / norm;
        for (int i = 0; i < sum.length; i++) {
            sum[i] += Math.round(gradients[from + i] * factor);
        }
    }

    /**
     * Adds the noise, takes the mean over the batch that is expected, and empties the sum.
     *
     * @param expectedBatch what to divide by: public, unlike the number of records added
     * @param mean receives the mean, one entry a dimension
     */
    public void release(double expectedBatch, RandomWords words, float[] mean) {
        double unit = 1 / (scale * expectedBatch);
        for (int i = 0; i < sum.length; i++) {
            mean[i] = (float) ((sum[i] + noise.sample(words)) * unit);
        }
        Arrays.fill(sum, 0);
    }
}
