package dev.sotto.federation;

import java.security.SecureRandom;

/**
 * Turns a site's update into integers and a sum of integers back into a mean update.
 *
 * <p>Encoding: clip to the L2 norm, scale, round every entry up or down at random so that its mean is kept, and draw
 * again while the rounded vector's norm exceeds the bound Delta2 (conditional stochastic rounding: Kairouz, Liu, Steinke
 * 2021, "The Distributed Discrete Gaussian Mechanism", section 4.1). After 64 tries the entries are cut toward zero,
 * which never exceeds the clipped norm. Thread-safe; the caller's generator is used.
 */
public final class UpdateEncoder {
    private static final int TRIES = 64;

    private final EncodingSettings settings;
    private final ParameterLayout layout;
    private final double bound;

    public UpdateEncoder(EncodingSettings settings, ParameterLayout layout) {
        this.settings = settings;
        this.layout = layout;
        this.bound = settings.delta2(layout.size());
    }

    /**
     * Encodes an update of {@link ParameterLayout#size()} floats into {@link ParameterLayout#paddedSize()} integers.
     *
     * @throws IllegalArgumentException if the length is wrong or an entry is not finite
     */
    public int[] encode(float[] update, SecureRandom random) {
        if (update.length != layout.size()) {
            throw new IllegalArgumentException(
                    "an update has %d entries, not %d".formatted(layout.size(), update.length));
        }
        double factor = settings.scale() * clipFactor(update);
        int[] encoded = new int[layout.paddedSize()];
        byte[] coins = new byte[4 * update.length];
        for (int attempt = 0; attempt < TRIES; attempt++) {
            random.nextBytes(coins);
            if (round(update, factor, coins, encoded) <= bound * bound) {
                return encoded;
            }
        }
        for (int i = 0; i < update.length; i++) {
            encoded[i] = (int) (update[i] * factor);
        }
        return encoded;
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
        return norm <= settings.clipNorm() ? 1 : settings.clipNorm() / norm;
    }

    /** Rounds into {@code encoded} and returns the squared norm. */
    private static double round(float[] update, double factor, byte[] coins, int[] encoded) {
        double square = 0;
        for (int i = 0; i < update.length; i++) {
            double exact = update[i] * factor;
            double floor = Math.floor(exact);
            long coin = (coins[4 * i] & 0xFFL)
                    | (coins[4 * i + 1] & 0xFFL) << 8
                    | (coins[4 * i + 2] & 0xFFL) << 16
                    | (coins[4 * i + 3] & 0xFFL) << 24;
            double rounded = coin * 0x1p-32 < exact - floor ? floor + 1 : floor;
            encoded[i] = (int) rounded;
            square += rounded * rounded;
        }
        return square;
    }

    /**
     * The mean update of {@code sites} sites from their sum: centre-lifted, unscaled, divided.
     *
     * @param sum a slice of the sum, entries mod 2^32
     * @return a float an entry of the slice
     */
    public static float[] decodeMean(EncodingSettings settings, int[] sum, int sites) {
        if (sites < 1) {
            throw new IllegalArgumentException("a mean needs at least one site, got " + sites);
        }
        double unit = 1 / (settings.scale() * sites);
        float[] mean = new float[sum.length];
        for (int i = 0; i < sum.length; i++) {
            mean[i] = (float) (sum[i] * unit);
        }
        return mean;
    }
}
