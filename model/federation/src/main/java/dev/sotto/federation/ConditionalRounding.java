package dev.sotto.federation;

import java.security.SecureRandom;

/**
 * Rounding to integers that keeps the mean of every entry and the norm of the whole under a bound.
 *
 * <p>Every entry goes up or down at random so that its mean is kept; while the rounded vector's norm exceeds the bound Delta2 all are drawn
 * again (Kairouz, Liu, Steinke 2021, "The Distributed Discrete Gaussian Mechanism", section 4.1). After 64 tries the entries are cut toward zero, which never
 * exceeds the norm before rounding. Immutable and thread-safe; the caller's generator is used.
 */
final class ConditionalRounding {
    private static final int TRIES = 64;

    private final double bound;

    /** @param bound the L2 norm that no result exceeds; at least that of what is rounded */
    ConditionalRounding(double bound) {
        this.bound = bound;
    }

    /** Rounds. */
    int[] round(double[] exact, SecureRandom random) {
        int[] points = new int[exact.length];
        byte[] coins = new byte[4 * exact.length];
        for (int attempt = 0; attempt < TRIES; attempt++) {
            random.nextBytes(coins);
            if (round(exact, coins, points) <= bound * bound) {
                return points;
            }
        }
        for (int i = 0; i < exact.length; i++) {
            points[i] = (int) exact[i];
        }
        return points;
    }

    /** Rounds into {@code points} and returns the squared norm. */
    private static double round(double[] exact, byte[] coins, int[] points) {
        double square = 0;
        for (int i = 0; i < exact.length; i++) {
            double floor = Math.floor(exact[i]);
            long coin = (coins[4 * i] & 0xFFL)
                    | (coins[4 * i + 1] & 0xFFL) << 8
                    | (coins[4 * i + 2] & 0xFFL) << 16
                    | (coins[4 * i + 3] & 0xFFL) << 24;
            double rounded = coin * 0x1p-32 < exact[i] - floor ? floor + 1 : floor;
            points[i] = (int) rounded;
            square += rounded * rounded;
        }
        return square;
    }
}
