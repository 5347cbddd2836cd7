package dev.sotto.privacy;

/**
 * The most privacy a task may ever spend, as (epsilon, delta) and as the zCDP rho it amounts to.
 *
 * <p>Rho is kept a relative 1e-12 below the bound, and a sum may exceed it by half of that: so n equal charges that are planned to exhaust the
 * budget are all admitted although their floating-point sum may be some units in the last place too large, and epsilon holds all
 * the same. Immutable.
 *
 * @param epsilon positive
 * @param delta strictly between 0 and 1
 * @param rho positive; its epsilon at delta is at most epsilon
 */
public record PrivacyBudget(double epsilon, double delta, double rho) {
    private static final double MARGIN = 1e-12;
    private static final int BISECTIONS = 200;

    public PrivacyBudget {
        Preconditions.positive("budget epsilon", epsilon);
        Preconditions.probability("delta", delta);
        Preconditions.positive("budget rho", rho);
        double shown = ZCdp.epsilon(rho, delta);
        if (shown > epsilon) {
            throw new IllegalArgumentException("budget rho " + rho + " amounts to epsilon " + shown + " at delta "
                    + delta + ", above the bound " + epsilon + ": derive it with PrivacyBudget.ofEpsilon");
        }
    }

    /** The budget of the largest rho whose epsilon at delta is within epsilon. */
    public static PrivacyBudget ofEpsilon(double epsilon, double delta) {
        Preconditions.positive("budget epsilon", epsilon);
        Preconditions.probability("delta", delta);
        double low = 0;
        double high = 1;
        while (ZCdp.epsilon(high, delta) <= epsilon) {
            high *= 2;
        }
        for (int i = 0; i < BISECTIONS && Math.nextUp(low) < high; i++) {
            double middle = low + (high - low) / 2;
            if (ZCdp.epsilon(middle, delta) <= epsilon) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return new PrivacyBudget(epsilon, delta, low * (1 - MARGIN));
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
