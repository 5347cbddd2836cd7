package dev.sotto.privacy.accounting;

import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The Renyi accountant: divergences of the same order add up, and the best of a fixed list of orders is turned into
 * (epsilon, delta).
 *
 * <p>Mironov (2017), proposition 1, for the sum, which also holds for adaptively chosen releases; Canonne, Kamath, Steinke
 * (2020), proposition 12, for the conversion. It covers every mechanism. Immutable and thread-safe.
 */
public final class RdpAccountant implements PrivacyAccountant {
    private static final double[] ORDERS = DoubleStream.concat(
                    IntStream.rangeClosed(11, 109).mapToDouble(tenths -> tenths / 10.0),
                    DoubleStream.concat(
                            IntStream.rangeClosed(11, 63).asDoubleStream(), DoubleStream.of(128, 256, 512, 1024)))
            .toArray();

    private final double[] orders;

    private RdpAccountant(double[] orders) {
        this.orders = orders;
    }

    /** The accountant over the orders 1.1 to 10.9 in steps of 0.1, 11 to 63, and 128, 256, 512, 1024. */
    public static RdpAccountant create() {
        return new RdpAccountant(ORDERS);
    }

    /**
     * The accountant over orders of choice; every list is valid, a better one gives a smaller epsilon.
     *
     * @param orders at least one, each finite and above 1
     */
    public static RdpAccountant ofOrders(double... orders) {
        if (orders.length == 0) {
            throw new IllegalArgumentException("orders must be at least 1, got 0: use RdpAccountant.create()");
        }
        for (double order : orders) {
            Checks.order(order);
        }
        return new RdpAccountant(orders.clone());
    }

    /**
     * The divergence of the whole schedule at one order.
     *
     * @param order finite and above 1
     */
    public double rdp(Schedule schedule, double order) {
        double sum = 0;
        for (Schedule.Entry entry : schedule.entries()) {
            sum += entry.count() * entry.mechanism().rdp(order);
        }
        return sum;
    }

    @Override
    public double epsilon(Schedule schedule, double delta) {
        double logDelta = Math.log(Checks.delta(delta));
        return Math.max(0, least(order -> epsilonAt(schedule, order, logDelta)));
    }

    @Override
    public double delta(Schedule schedule, double epsilon) {
        Checks.notNegative("epsilon", epsilon, "give the loss that is tolerated, such as 8");
        return Math.min(1, Math.exp(least(order -> logDeltaAt(schedule, order, epsilon))));
    }

    /**
     * The order that {@link #epsilon} is reached at; one at an end of the list says that other orders would do better.
     *
     * @param delta strictly between 0 and 1
     */
    public double bestOrder(Schedule schedule, double delta) {
        double logDelta = Math.log(Checks.delta(delta));
        double best = orders[0];
        double least = Double.POSITIVE_INFINITY;
        for (double order : orders) {
            double epsilon = epsilonAt(schedule, order, logDelta);
            if (epsilon < least) {
                least = epsilon;
                best = order;
            }
        }
        return best;
    }

    private double epsilonAt(Schedule schedule, double order, double logDelta) {
        return rdp(schedule, order) + Math.log1p(-1 / order) - (logDelta + Math.log(order)) / (order - 1);
    }

    private double logDeltaAt(Schedule schedule, double order, double epsilon) {
        return (order - 1) * (rdp(schedule, order) - epsilon + Math.log1p(-1 / order)) - Math.log(order);
    }

    private double least(DoubleUnaryOperator bound) {
        return DoubleStream.of(orders).map(bound).min().orElseThrow();
    }
}
