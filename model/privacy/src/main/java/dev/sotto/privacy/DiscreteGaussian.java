package dev.sotto.privacy;

import java.math.BigInteger;

/**
 * The discrete Gaussian distribution: P[y] proportional to exp(-y^2 / (2 sigma^2)), for a rational sigma^2.
 *
 * <p>Canonne, Kamath, Steinke (2020), algorithm 3: a discrete Laplace draw y of integer scale t, close to sigma, is kept with
 * probability exp(-(|y| - sigma^2/t)^2 / (2 sigma^2)). On an integer query of L2 sensitivity D it gives D^2/(2 sigma^2) zCDP (theorem 4 there).
 */
public final class DiscreteGaussian implements IntegerNoise {
    /** The least sigma of {@link #ofSigma}: 2^-6. Below it the noise is practically always zero. */
    public static final double MIN_SIGMA = 0x1p-6;

    /** The largest sigma of {@link #ofSigma}: 2^31, half the ring. */
    public static final double MAX_SIGMA = 0x1p31;

    private static final int SIGNIFICANT_BITS = 10;

    private final BigInteger varianceNumerator;
    private final BigInteger varianceDenominator;
    private final DiscreteLaplace proposal;
    private final RejectionExponent exponent;

    private DiscreteGaussian(BigInteger numerator, BigInteger denominator) {
        BigInteger common = numerator.gcd(denominator);
        varianceNumerator = numerator.divide(common);
        varianceDenominator = denominator.divide(common);
        BigInteger root = varianceNumerator.divide(varianceDenominator).sqrt();
        // With t = sigma the exponent is (|y| - sigma)^2 / (2 sigma^2): the smallest numbers there are.
        boolean integerSigma = varianceDenominator.equals(BigInteger.ONE)
                && root.multiply(root).equals(varianceNumerator);
        BigInteger scale = integerSigma ? root : root.add(BigInteger.ONE);
        proposal = DiscreteLaplace.ofScale(scale.longValueExact(), 1);
        exponent = RejectionExponent.of(varianceNumerator, varianceDenominator, scale);
    }

    /** The distribution of sigma^2 = numerator / denominator, both at least 1. */
    public static DiscreteGaussian ofVariance(long numerator, long denominator) {
        Preconditions.between("numerator of the variance", numerator, 1, Long.MAX_VALUE);
        Preconditions.between("denominator of the variance", denominator, 1, Long.MAX_VALUE);
        return new DiscreteGaussian(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator));
    }

    /**
     * The distribution of sigma rounded <b>up</b> to a multiple of 2^-k, k = max(0, 10 - floor(log2 sigma)): never less noise than
     * asked for and at most 0.1 % more; an integer sigma is kept as it is.
     *
     * @param sigma {@link #MIN_SIGMA} to {@link #MAX_SIGMA}, in units of the integers noised
     */
    public static DiscreteGaussian ofSigma(double sigma) {
        if (!(sigma >= MIN_SIGMA && sigma <= MAX_SIGMA)) {
            throw new IllegalArgumentException("sigma must lie in [" + MIN_SIGMA + ", " + MAX_SIGMA + "], got " + sigma
                    + ": rescale the vector to be noised");
        }
        int k = Math.max(0, SIGNIFICANT_BITS - Math.getExponent(sigma));
        // Scaling a double by a power of two is exact, so the only rounding is the upward one.
        BigInteger multiple = BigInteger.valueOf((long) Math.ceil(Math.scalb(sigma, k)));
        return new DiscreteGaussian(multiple.pow(2), BigInteger.ONE.shiftLeft(2 * k));
    }

    /** {@inheritDoc} */
    @Override
    public long sample(RandomWords words) {
        while (true) {
            long y = proposal.sample(words);
            if (exponent.accepts(Math.abs(y), words)) {
                return y;
            }
        }
    }

    BigInteger varianceNumerator() {
        return varianceNumerator;
    }

    BigInteger varianceDenominator() {
        return varianceDenominator;
    }

    /** The sigma sampled from, as the nearest double; at least the one asked for, but for that last rounding. */
    public double sigma() {
        return Math.sqrt(varianceNumerator.doubleValue() / varianceDenominator.doubleValue());
    }

    @Override
    public String mechanism() {
        return "discrete-gaussian";
    }

    /** The reduced variance, {@code numerator/denominator}. */
    @Override
    public String parameters() {
        return varianceNumerator + "/" + varianceDenominator;
    }

    @Override
    public String toString() {
        return "DiscreteGaussian[variance=" + parameters() + "]";
    }
}
