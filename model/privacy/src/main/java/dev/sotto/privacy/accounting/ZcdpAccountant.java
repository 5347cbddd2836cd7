package dev.sotto.privacy.accounting;

import dev.sotto.privacy.ZCdp;

/**
 * The accountant of concentrated differential privacy: rho adds up, also over adaptively chosen releases, and epsilon is
 * minimised over all real orders.
 *
 * <p>Bun, Steinke (2016), lemma 1.7; Canonne, Kamath, Steinke (2020), proposition 12. It covers mechanisms that have a
 * {@link Mechanism#rho()}, which are all but the subsampled Gaussian and Skellam. Immutable and thread-safe.
 */
public final class ZcdpAccountant implements PrivacyAccountant {
    private static final double LEAST_LOG_DELTA = -700;
    private static final double LOG_TOLERANCE = 1e-12;

    private ZcdpAccountant() {}

    /** The accountant. */
    public static ZcdpAccountant create() {
        return new ZcdpAccountant();
    }

    /**
     * The rho of the whole schedule.
     *
     * @throws IllegalArgumentException if a mechanism of the schedule has none
     */
    public ZCdp cost(Schedule schedule) {
        ZCdp sum = new ZCdp(0);
        for (Schedule.Entry entry : schedule.entries()) {
            double rho = entry.mechanism()
                    .rho()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "no rho is known for " + entry.mechanism() + ": use RdpAccountant"));
            sum = sum.plus(new ZCdp(rho).times(entry.count()));
        }
        return sum;
    }

    @Override
    public double epsilon(Schedule schedule, double delta) {
        return cost(schedule).epsilon(Checks.delta(delta));
    }

    @Override
    public double delta(Schedule schedule, double epsilon) {
        Checks.notNegative("epsilon", epsilon, "give the loss that is tolerated, such as 8");
        ZCdp cost = cost(schedule);
        double logDelta = LeastThatHolds.between(
                LEAST_LOG_DELTA, 0, tried -> cost.epsilon(Math.exp(tried)) - epsilon, LOG_TOLERANCE);
        return Math.exp(logDelta);
    }
}
