package dev.sotto.privacy.accounting;

import java.util.function.DoubleFunction;
import java.util.function.IntFunction;

/**
 * The search for the least noise, or the most steps, that stay within a target.
 *
 * <p>Both answers were themselves priced by the accountant and found within the target, whatever the search assumed.
 * Immutable and thread-safe.
 *
 * @param accountant what prices a schedule
 * @param target what the schedule has to stay within
 */
public record Calibration(PrivacyAccountant accountant, PrivacyTarget target) {
    private static final double LEAST = 0x1p-20;
    private static final double MOST = 0x1p30;
    private static final double TOLERANCE = 1e-7;

    /**
     * The least noise, to a relative 1e-7, at which the schedule stays within the target.
     *
     * @param schedule the schedule for a noise level (a noise multiplier, sigma or scale), which costs less the more noise
     * there is
     * @return a noise level between 2^-20 and 2^30 whose schedule is within the target
     * @throws IllegalArgumentException if no noise up to 2^30 is enough
     */
    public double leastNoise(DoubleFunction<Schedule> schedule) {
        double works = 1;
        while (!covers(schedule, works)) {
            if (works >= MOST) {
                throw new IllegalArgumentException("no noise up to " + MOST + " keeps within " + target
                        + ": raise epsilon or delta, or release less often");
            }
            works *= 2;
        }
        double fails = works / 2;
        while (covers(schedule, fails)) {
            works = fails;
            if (works <= LEAST) {
                return works;
            }
            fails /= 2;
        }
        return LeastThatHolds.between(
                fails,
                works,
                noise -> accountant.epsilon(schedule.apply(noise), target.delta()) - target.epsilon(),
                TOLERANCE * fails);
    }

    /**
     * The most steps with which the schedule stays within the target.
     *
     * @param schedule the schedule for a number of steps, which costs more the more steps there are
     * @return at least 1; a number of steps within the target, of which one more is not, or {@link Integer#MAX_VALUE}
     * @throws IllegalArgumentException if not even one step is within the target
     */
    public int mostSteps(IntFunction<Schedule> schedule) {
        if (!covers(schedule, 1)) {
            throw new IllegalArgumentException("1 step already costs epsilon "
                    + accountant.epsilon(schedule.apply(1), target.delta()) + ", above " + target
                    + ": raise the noise or the target");
        }
        long works = 1;
        long fails = 2;
        while (fails <= Integer.MAX_VALUE && covers(schedule, (int) fails)) {
            works = fails;
            fails = 2 * fails;
        }
        fails = Math.min(fails, 1L + Integer.MAX_VALUE);
        while (fails - works > 1) {
            long middle = (works + fails) / 2;
            if (covers(schedule, (int) middle)) {
                works = middle;
            } else {
                fails = middle;
            }
        }
        return (int) works;
    }

    private boolean covers(DoubleFunction<Schedule> schedule, double noise) {
        return target.covers(accountant, schedule.apply(noise));
    }

    private boolean covers(IntFunction<Schedule> schedule, int steps) {
        return target.covers(accountant, schedule.apply(steps));
    }
}
