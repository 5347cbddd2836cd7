package dev.sotto.scoring;

import org.apache.commons.numbers.gamma.LogBeta;

/**
 * The exact upper tail of the binomial distribution. The side that is summed is always the small one, so tails far below
 * the precision of {@code 1 - x} come out with their digits. Stateless.
 */
public final class BinomialTail {
    private static final double NEGLIGIBLE = 0x1p-60;

    private BinomialTail() {}

    /**
     * The probability of {@code k} or more successes.
     *
     * @param k successes
     * @param n trials, at least 0
     * @param p probability of a success, in [0, 1]
     * @return P[X >= k]; the relative error is below 1e-9 up to a million trials
     */
    public static double atLeast(long k, long n, double p) {
        if (n < 0 || !(p >= 0 && p <= 1)) {
            throw new IllegalArgumentException(
                    "n is %d and p is %s but n must be at least 0 and p in [0, 1]".formatted(n, p));
        }
        if (k <= 0) {
            return 1;
        }
        if (k > n || p == 0) {
            return 0;
        }
        if (p == 1) {
            return 1;
        }
        return k > n * p ? upper(k, n, p, 1 - p) : 1 - upper(n - k + 1, n, 1 - p, p);
    }

    /** Sums from k up, each term from the one before; beyond the mean the terms fall, so the sum may end early. */
    private static double upper(long k, long n, double p, double q) {
        double term = 1;
        double sum = 1;
        for (long j = k; j < n && term > sum * NEGLIGIBLE; j++) {
            term *= (double) (n - j) / (j + 1) * (p / q);
            sum += term;
        }
        return Math.min(1, Math.exp(logMass(k, n, p, q) + Math.log(sum)));
    }

    private static double logMass(long k, long n, double p, double q) {
        double logChoices = -Math.log1p(n) - LogBeta.value(k + 1.0, n - k + 1.0);
        return logChoices + k * log(p, q) + (n - k) * log(q, p);
    }

    /** Near one the complement is the exact one of the two. */
    private static double log(double x, double complement) {
        return x > 0.5 ? Math.log1p(-complement) : Math.log(x);
    }
}
