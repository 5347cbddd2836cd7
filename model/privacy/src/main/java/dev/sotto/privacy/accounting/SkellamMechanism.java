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
    // Beyond it nothing is gained.
    private static final double MOST_ORDER = 1 << 20;

    // Orders are found by search: one that is short of an integer by rounding counts as below it.
    private static final double ORDER_SLACK = 1e-3;

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

    /**
     * The mechanism with the L1 sensitivity that follows from the L2 one: Delta1 = Delta2 min(sqrt d, Delta2), but at least
     * Delta2.
     *
     * @param dimension d, the entries of the vector, at least 1
     */
    public static SkellamMechanism of(double variance, double delta2, int dimension) {
        Checks.atLeastOne("dimension", dimension, "give the entries of the vector");
        return new SkellamMechanism(variance, delta2, delta2 * Math.max(1, Math.min(Math.sqrt(dimension), delta2)));
    }

    @Override
    public double rdp(double order) {
        double alpha = Math.ceil(Checks.order(order));
        double squared = delta2 * delta2;
        double gaussian = alpha * squared / (2 * variance);
        double second = ((2 * alpha - 1) * squared + 6 * delta1) / (4 * variance * variance);
        return gaussian + Math.min(second, 3 * delta1 / (2 * variance));
    }

    /**
     * The least rho known of which the divergence is at most alpha rho at every order, fractional ones included, from a least one up: for
     * statements that rest on no lower order.
     *
     * <p>Nothing is proved at fractional orders but what follows from the integers: (alpha - 1) times the divergence is convex. If at
     * integers it is at most alpha (alpha - 1) r, then at n + l, 0 < l < 1, it is at most that plus l (1 - l) r; so from a >= 2 up the divergence is at
     * most alpha r (1 + 1/(4 a (a - 1))), and below 2, where it is no greater than at 2, at most 2 alpha r.
     *
     * @param leastOrder above 1
     */
    public double rho(double leastOrder) {
        double least = Math.min(MOST_ORDER, Checks.order(leastOrder) - ORDER_SLACK);
        double first = Math.max(2, Math.floor(least));
        double squared = delta2 * delta2;
        // The bound over alpha is greatest at the first order or in the limit.
        double second = Math.max(2 * squared + (6 * delta1 - squared) / first, 2 * squared) / (4 * variance * variance);
        double atIntegers = squared / (2 * variance) + Math.min(second, 3 * delta1 / (2 * variance * first));
        return atIntegers * (least < 2 ? 2 : 1 + 1 / (4 * least * (least - 1)));
    }
}
