package dev.sotto.privacy;

import java.math.BigInteger;

/**
 * The discrete Laplace distribution: P[y] proportional to exp(-|y| / scale), for a rational scale.
 *
 * <p>Canonne, Kamath, Steinke (2020), algorithm 2. On an integer query of L1 sensitivity D it gives D/scale differential privacy.
 */
public final class DiscreteLaplace implements IntegerNoise {
    private static final long MAX = 1L << 48;

    private final long numerator;
    private final long denominator;

    private DiscreteLaplace(long numerator, long denominator) {
        this.numerator = numerator;
        this.denominator = denominator;
    }

    /**
     * The distribution of scale numerator / denominator.
     *
     * @param numerator 1 to 2^48
     * @param denominator 1 to 2^48
     */
    public static DiscreteLaplace ofScale(long numerator, long denominator) {
        Preconditions.between("numerator of the scale", numerator, 1, MAX);
        Preconditions.between("denominator of the scale", denominator, 1, MAX);
        long common = BigInteger.valueOf(numerator)
                .gcd(BigInteger.valueOf(denominator))
                .longValueExact();
        return new DiscreteLaplace(numerator / common, denominator / common);
    }

    /** {@inheritDoc} */
    @Override
    public long sample(RandomWords words) {
        while (true) {
            long u = ExactDraws.below(numerator, words);
            if (!ExactDraws.bernoulliExp(u, numerator, words)) {
                continue;
            }
            // The product passes 2^63 with probability below exp(-32768); then it fails rather than wraps.
            long x = Math.addExact(u, Math.multiplyExact(numerator, ExactDraws.geometricExpOfOne(words)));
            long magnitude = x / denominator;
            boolean negative = words.nextLong() < 0;
            // Zero would come up with both signs; one of the two is refused.
            if (negative && magnitude == 0) {
                continue;
            }
            return negative ? -magnitude : magnitude;
        }
    }

    @Override
    public String mechanism() {
        return "discrete-laplace";
    }

    /** The reduced scale, {@code numerator/denominator}. */
    @Override
    public String parameters() {
        return numerator + "/" + denominator;
    }

    @Override
    public String toString() {
        return "DiscreteLaplace[scale=" + parameters() + "]";
    }
}
