package dev.sotto.privacy;

import java.math.BigInteger;

/**
 * The symmetric Skellam distribution: the difference of two independent Poisson variables of the same mean, half the variance each.
 *
 * <p>Sums of independent Skellam variables are Skellam, the variances adding up: noise that is made of parts can lose some of them and be
 * of the same family still (Agarwal, Kairouz, Liu, <i>The Skellam Mechanism for Differentially Private Federated Learning</i>, 2021; Jiang et al.,
 * <i>Dordis</i>, 2024, section 3). Sampled in integers alone, at a known statistical distance ({@link #statisticalDistance()}).
 */
public final class Skellam implements IntegerNoise {
    /** The largest variance: of sigma 2^17. */
    public static final long MAX_VARIANCE = 2 * PoissonTable.MAX_MEAN;

    private final BigInteger varianceNumerator;
    private final BigInteger varianceDenominator;
    private final PoissonTable poisson;

    private Skellam(BigInteger numerator, BigInteger denominator) {
        BigInteger common = numerator.gcd(denominator);
        varianceNumerator = numerator.divide(common);
        varianceDenominator = denominator.divide(common);
        poisson = PoissonTable.ofMean(varianceNumerator, varianceDenominator.shiftLeft(1));
    }

    /**
     * The distribution of variance numerator / denominator, both at least 1. Setting up takes time in proportion to the standard deviation.
     *
     * @throws IllegalArgumentException if the variance is above {@link #MAX_VARIANCE}
     */
    public static Skellam ofVariance(long numerator, long denominator) {
        Preconditions.between("numerator of the variance", numerator, 1, Long.MAX_VALUE);
        Preconditions.between("denominator of the variance", denominator, 1, Long.MAX_VALUE);
        if (numerator / denominator >= MAX_VARIANCE) {
            throw new IllegalArgumentException("variance of Skellam noise must be below " + MAX_VARIANCE + ", got "
                    + numerator + "/" + denominator + ": lower the scale of the vector to be noised");
        }
        return new Skellam(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator));
    }

    /** {@inheritDoc} */
    @Override
    public long sample(RandomWords words) {
        long gain = poisson.sample(words);
        long loss = poisson.sample(words);
        return gain - loss;
    }

    /** The variance, as the nearest double. */
    public double variance() {
        return varianceNumerator.doubleValue() / varianceDenominator.doubleValue();
    }

    /** A bound on the total variation distance between one sample and the distribution; of m samples, m times as much. */
    public double statisticalDistance() {
        return 2 * poisson.distance();
    }

    @Override
    public String mechanism() {
        return "skellam";
    }

    /** The reduced variance, {@code numerator/denominator}. */
    @Override
    public String parameters() {
        return varianceNumerator + "/" + varianceDenominator;
    }

    @Override
    public String toString() {
        return "Skellam[variance=" + parameters() + "]";
    }
}
