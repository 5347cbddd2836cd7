package dev.sotto.privacy;

/**
 * The most privacy a task may ever spend, as (epsilon, delta) and as the rho it amounts to.
 *
 * <p>A rho bounds the Renyi divergence at every order alpha from 1 to {@code largestOrder} by alpha rho. Where all orders are
 * bounded, this is zCDP ({@link ZCdp}); where only the orders up to a bound are, truncated concentrated DP (Bun, Dwork, Rothblum,
 * Steinke 2018, "Composable and Versatile Privacy via Truncated CDP"), which a sampled mechanism needs: it has no useful
 * bound at large orders. Both add up under adaptive composition, but only at orders that are bounded may rho be turned
 * into epsilon.
 *
 * <p>Rho is kept a relative 1e-12 below the bound, and a sum may exceed it by half of that: so n equal charges that are planned to exhaust the
 * budget are all admitted although their floating-point sum may be some units in the last place too large, and epsilon holds all
 * the same. Immutable.
 *
 * @param epsilon positive
 * @param delta strictly between 0 and 1
 * @param rho positive; its epsilon at delta is at most epsilon
 * @param largestOrder the largest order that charges hold at, 2 to 1024, the integers from 2 to it; or {@link #ALL_ORDERS}
 */
public record PrivacyBudget(double epsilon, double delta, double rho, int largestOrder) {
    /** What charges are that hold at every order. */
    public static final int ALL_ORDERS = Integer.MAX_VALUE;

    private static final int MOST_ORDERS = 1024;
    private static final double MARGIN = 1e-12;
    private static final int BISECTIONS = 200;

    public PrivacyBudget {
        Preconditions.positive("budget epsilon", epsilon);
        Preconditions.probability("delta", delta);
        Preconditions.positive("budget rho", rho);
        if (largestOrder != ALL_ORDERS) {
            Preconditions.between("largest order", largestOrder, 2, MOST_ORDERS);
        }
        double shown = epsilon(rho, delta, largestOrder);
        if (shown > epsilon) {
            throw new IllegalArgumentException("budget rho " + rho + " amounts to epsilon " + shown + " at delta "
                    + delta + ", above the bound " + epsilon + ": derive it with PrivacyBudget.ofEpsilon");
        }
    }

    /** The budget of the largest rho whose epsilon at delta is within epsilon, for charges that hold at every order. */
    public static PrivacyBudget ofEpsilon(double epsilon, double delta) {
        return ofEpsilon(epsilon, delta, ALL_ORDERS);
    }

    /**
     * The budget of the largest rho whose epsilon at delta is within epsilon, for charges that hold at the orders up to a largest one.
     *
     * @throws IllegalArgumentException if no rho is: then delta is too small for so small orders
     */
    public static PrivacyBudget ofEpsilon(double epsilon, double delta, int largestOrder) {
        Preconditions.positive("budget epsilon", epsilon);
        Preconditions.probability("delta", delta);
        if (epsilon(Double.MIN_NORMAL, delta, largestOrder) > epsilon) {
            throw new IllegalArgumentException("no rho keeps epsilon " + epsilon + " at delta " + delta
                    + " with orders up to " + largestOrder + ": raise epsilon, delta or the largest order");
        }
        double low = 0;
        double high = 1;
        while (epsilon(high, delta, largestOrder) <= epsilon) {
            high *= 2;
        }
        for (int i = 0; i < BISECTIONS && Math.nextUp(low) < high; i++) {
            double middle = low + (high - low) / 2;
            if (epsilon(middle, delta, largestOrder) <= epsilon) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return new PrivacyBudget(epsilon, delta, low * (1 - MARGIN), largestOrder);
    }

    /** What so much rho amounts to at the budget's delta: the least epsilon over the orders that charges hold at. */
    public double epsilonOf(double spentRho) {
        return epsilon(spentRho, delta, largestOrder);
    }

    private static double epsilon(double rho, double delta, int largestOrder) {
        if (largestOrder == ALL_ORDERS || rho == 0) {
            return ZCdp.epsilon(rho, delta);
        }
        double least = Double.POSITIVE_INFINITY;
        for (int order = 2; order <= largestOrder; order++) {
            least = Math.min(least, RdpConversion.epsilonAt(order, rho * order, delta));
        }
        return Math.max(0, least);
    }

    /**
     * The order of the Renyi divergence that gives epsilon when all of rho is spent. When less is spent it is a higher one, as the
     * divergence then weighs less against ln(1/delta): no epsilon within this budget rests on a lower order.
     */
    public double leastOrder() {
        return RdpConversion.bestOrder(order -> order * rho, delta);
    }

    /**
     * Whether a next charge fits: what was spent plus what is asked is within the bound. Valid when charges are chosen adaptively.
     *
     * @param spentRho what was charged so far, at least 0
     * @param nextRho what the next release costs, positive
     */
    public Admission admit(double spentRho, double nextRho) {
        Preconditions.notNegative("spent rho", spentRho);
        Preconditions.positive("next rho", nextRho);
        return covers(spentRho + nextRho)
                ? new Admission.Granted(spentRho + nextRho)
                : new Admission.Refused(spentRho, nextRho, this);
    }

    /** Whether a total is within the bound. */
    boolean covers(double totalRho) {
        return totalRho <= rho * (1 + MARGIN / 2);
    }
}
