package dev.sotto.privacy;

import java.util.function.DoubleUnaryOperator;

/**
 * From Renyi differential privacy to (epsilon, delta).
 *
 * <p>Canonne, Kamath, Steinke (2020), proposition 12: a mechanism with RDP r at order alpha has, for every delta, epsilon = r + ln(1 - 1/alpha) -
 * ln(delta alpha)/(alpha - 1). Every order gives a valid bound, so the least over any set of orders is one too.
 */
final class RdpConversion {
    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;
    private static final int GOLDEN_STEPS = 80;
    // ln(alpha - 1) at the ends of the continuous search.
    private static final double LOWEST = -12;
    private static final double HIGHEST = 24;

    private RdpConversion() {}

    /** Epsilon from the divergence at one order; may be negative, which means 0. */
    static double epsilonAt(double order, double rdp, double delta) {
        return rdp + Math.log1p(-1 / order) - (Math.log(delta) + Math.log(order)) / (order - 1);
    }

    /** The least epsilon over all orders, by golden section on ln(alpha - 1); for a divergence known at every order. */
    static double epsilonOverAllOrders(DoubleUnaryOperator rdp, double delta) {
        double order = bestOrder(rdp, delta);
        return Math.max(0, epsilonAt(order, rdp.applyAsDouble(order), delta));
    }

    /** The order at which epsilon is least, as {@link #epsilonOverAllOrders} finds it. */
    static double bestOrder(DoubleUnaryOperator rdp, double delta) {
        Preconditions.probability("delta", delta);
        DoubleUnaryOperator epsilon = x -> {
            double order = 1 + Math.exp(x);
            return epsilonAt(order, rdp.applyAsDouble(order), delta);
        };
        double low = LOWEST;
        double high = HIGHEST;
        double left = high - GOLDEN * (high - low);
        double right = low + GOLDEN * (high - low);
        double atLeft = epsilon.applyAsDouble(left);
        double atRight = epsilon.applyAsDouble(right);
        for (int i = 0; i < GOLDEN_STEPS; i++) {
            if (atLeft < atRight) {
                high = right;
                right = left;
                atRight = atLeft;
                left = high - GOLDEN * (high - low);
                atLeft = epsilon.applyAsDouble(left);
            } else {
                low = left;
                left = right;
                atLeft = atRight;
                right = low + GOLDEN * (high - low);
                atRight = epsilon.applyAsDouble(right);
            }
        }
        return 1 + Math.exp(atLeft < atRight ? left : right);
    }
}
