package dev.sotto.federation;

import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Turns a site's update and metrics into ring entries.
 *
 * <p>Encoding: clip to the L2 norm, multiply by the site's weight, scale, round every entry up or down at random so that its
 * mean is kept, and draw again while the rounded vector's norm exceeds the bound Delta2 (conditional stochastic rounding:
 * Kairouz, Liu, Steinke 2021, "The Distributed Discrete Gaussian Mechanism", section 4.1). After 64 tries the entries are
 * cut toward zero, which never exceeds the clipped norm. The metrics stand in front of every chunk. Thread-safe; the
 * caller's generator is used.
 */
public final class UpdateEncoder {
    private static final int TRIES = 64;

    private final double clipNorm;
    private final double scale;
    private final MetricsCodec codec;
    private final ChunkLayout chunks;
    private final double bound;

    /** An encoder for a task's updates. */
    public UpdateEncoder(TaskDefinition task) {
        this.clipNorm = task.encoding().clipNorm();
        this.scale = task.encoding().scale();
        this.codec = task.metrics();
        this.chunks = task.chunks();
        this.bound = task.encoding().delta2(chunks.parameters());
    }

    /**
     * Encodes an update of {@link ChunkLayout#parameters()} floats into {@link ChunkLayout#entries()} integers.
     *
     * @param metrics the examples trained on are the site's weight: its update counts as that share of the most examples
     *     that the task allows
     * @throws IllegalArgumentException if the length is wrong or an entry is not finite
     */
    public int[] encode(float[] update, RoundMetrics metrics, SecureRandom random) {
        if (update.length != chunks.parameters()) {
            throw new IllegalArgumentException(
                    "an update has %d entries, not %d".formatted(chunks.parameters(), update.length));
        }
        int[] points = points(update, scale * clipFactor(update) * codec.weight(metrics), random);
        int[] encoded = new int[chunks.entries()];
        for (int chunk = 0; chunk < chunks.chunks(); chunk++) {
            int first = chunks.firstEntry(chunk);
            codec.encode(metrics, encoded, first);
            System.arraycopy(
                    points,
                    chunks.firstParameter(chunk),
                    encoded,
                    first + RoundMetrics.ENTRIES,
                    chunks.parametersOf(chunk));
        }
        Arrays.fill(points, 0);
        return encoded;
    }

    private int[] points(float[] update, double factor, SecureRandom random) {
        int[] points = new int[update.length];
        byte[] coins = new byte[4 * update.length];
        for (int attempt = 0; attempt < TRIES; attempt++) {
            random.nextBytes(coins);
            if (round(update, factor, coins, points) <= bound * bound) {
                return points;
            }
        }
        for (int i = 0; i < update.length; i++) {
            points[i] = (int) (update[i] * factor);
        }
        return points;
    }

    private double clipFactor(float[] update) {
        double square = 0;
        for (float entry : update) {
            square += (double) entry * entry;
        }
        if (!Double.isFinite(square)) {
            throw new IllegalArgumentException("an update has an entry that is not finite; lower the learning rate");
        }
        double norm = Math.sqrt(square);
        return norm <= clipNorm ? 1 : clipNorm / norm;
    }

    /** Rounds into {@code points} and returns the squared norm. */
    private static double round(float[] update, double factor, byte[] coins, int[] points) {
        double square = 0;
        for (int i = 0; i < update.length; i++) {
            double exact = update[i] * factor;
            double floor = Math.floor(exact);
            long coin = (coins[4 * i] & 0xFFL)
                    | (coins[4 * i + 1] & 0xFFL) << 8
                    | (coins[4 * i + 2] & 0xFFL) << 16
                    | (coins[4 * i + 3] & 0xFFL) << 24;
            double rounded = coin * 0x1p-32 < exact - floor ? floor + 1 : floor;
            points[i] = (int) rounded;
            square += rounded * rounded;
        }
        return square;
    }
}
