package dev.sotto.privacy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * The discrete Laplace distribution: P[y] proportional to exp(-|y| / scale), for a rational scale.
 *
 * <p>Canonne, Kamath, Steinke (2020), algorithm 2. On an integer query of L1 sensitivity D it gives D/scale differential privacy.
 */
public final class DiscreteLaplace implements IntegerNoise {
    private static final long MAX = 1L << 48;
    private static final int SIGNIFICANT_BITS = 21;

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

    /**
     * The distribution under which integers of an L1 sensitivity are epsilon-differentially private: its scale is sensitivity / epsilon, rounded
     * <b>up</b> to a multiple of 2^-k so that at most 2^-20 of it is added.
     *
     * @param sensitivity at least 1
     * @param epsilon positive; sensitivity / epsilon must lie in [2^-20, 2^40]
     */
    public static DiscreteLaplace ofEpsilon(long sensitivity, double epsilon) {
        Preconditions.between("L1 sensitivity", sensitivity, 1, MAX);
        Preconditions.positive("epsilon", epsilon);
        double scale = sensitivity / epsilon;
        if (!(scale >= 0x1p-20 && scale <= 0x1p40)) {
            throw new IllegalArgumentException("the scale sensitivity/epsilon must lie in [2^-20, 2^40], got "
                    + sensitivity + "/" + epsilon + ": choose another epsilon");
        }
        int k = Math.max(0, SIGNIFICANT_BITS - Math.getExponent(scale));
        // A double is a rational number, so the only rounding is the upward one.
        BigDecimal multiple = BigDecimal.valueOf(sensitivity)
                .multiply(new BigDecimal(BigInteger.ONE.shiftLeft(k)))
                .divide(new BigDecimal(epsilon), 0, RoundingMode.CEILING);
        return ofScale(multiple.longValueExact(), 1L << k);
    }

    /** {@inheritDoc} */
    @Override
    public long sample(RandomWords words) {
        while (true) {
            long u = ExactDraws.below(numerator, words);
            if (!ExactDraws.bernoulliExp(u, numerator, words)) {
                continue;
            }
            long magnitude = magnitude(u, ExactDraws.geometricExpOfOne(words));
            boolean negative = words.nextLong() < 0;
            // Zero would come up with both signs; one of the two is refused.
            if (negative && magnitude == 0) {
                continue;
            }
            return negative ? -magnitude : magnitude;
        }
    }

    /** (u + numerator geometric) / denominator, which is kept from wrapping. */
    long magnitude(long u, long geometric) {
        // Products of up to 2^48 and 2^14 fit; a larger geometric draw comes with probability exp(-16384).
        if (geometric < 1 << 14) {
            return (u + numerator * geometric) / denominator;
        }
        return BigInteger.valueOf(numerator)
                .multiply(BigInteger.valueOf(geometric))
                .add(BigInteger.valueOf(u))
                .divide(BigInteger.valueOf(denominator))
                .longValueExact();
    }

    /** The scale, as the nearest double. */
    public double scale() {
        return (double) numerator / denominator;
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
