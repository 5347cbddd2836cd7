package dev.sotto.privacy.accounting;

/**
 * The Skellam mechanism: each coordinate gets the difference of two independent Poisson variables of equal mean, and so do
 * sums of it.
 *
 * <p>Agarwal, Kairouz, Liu, <i>The Skellam Mechanism for Differentially Private Federated Learning</i> (2021), section 3:
 * alpha D2^2/(2 mu) + min(((2 alpha - 1) D2^2 + 6 D1)/(4 mu^2), 3 D1/(2 mu)) at integer alpha. The divergence grows with its
 * order, so a fractional order is charged as the next integer.
 *
 * @param variance mu, of each coordinate of the noisy sum, in squared lattice units, positive
 * @param delta2 the L2 sensitivity of the integer vector, positive
 * @param delta1 the L1 sensitivity of the integer vector, at least delta2
 */
public record SkellamMechanism(double variance, double delta2, double delta1) implements Mechanism {
    public SkellamMechanism {
        Checks.positive("Skellam variance", variance, "give the variance of the summed noise");
        Checks.positive("L2 sensitivity", delta2, "give the largest L2 norm of one unit's contribution");
        Checks.require(
                delta1 >= delta2 && delta1 < Double.POSITIVE_INFINITY,
                "L1 sensitivity",
                delta1,
                "be finite and at least the L2 sensitivity " + delta2,
                "give the largest L1 norm of one unit's contribution");
    }

    @Override
    public double rdp(double order) {
        double alpha = Math.ceil(Checks.order(order));
        double squared = delta2 * delta2;
        double gaussian = alpha * squared / (2 * variance);
        double second = ((2 * alpha - 1) * squared + 6 * delta1) / (4 * variance * variance);
        return gaussian + Math.min(second, 3 * delta1 / (2 * variance));
    }
}
