package dev.sotto.privacy.accounting;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * The accountant of privacy loss distributions: the losses of all releases are added up as distributions, which is as tight
 * as it gets, for adding and for removing a unit, each by itself, and the larger answer counts.
 *
 * <p>Losses are rounded to multiples of 1e-4 by {@link ConnectTheDots} and convolved by fast Fourier transform; Koskela,
 * Jälkö, Honkela, <i>Computing Tight Differential Privacy Guarantees Using FFT</i> (2020), section 5. The grid is made
 * finer, by powers of two, for very many releases of very little loss, and coarser when a schedule spans more than 2^22
 * cells; answers stay upper bounds. It covers the Gaussian, Poisson-subsampled Gaussian, Laplace, discrete Gaussian and
 * discrete Laplace mechanisms, in any mixture. Quote it only for a schedule fixed in advance. Immutable and thread-safe.
 */
public final class PldAccountant implements PrivacyAccountant {
    /** The least delta this accountant resolves: 1e-10. */
    public static final double LEAST_DELTA = 1e-10;

    private static final double STEP = 1e-4;
    private static final double MAX_CELLS = 1 << 22;
    private static final double FINEST_STEP = 1e-6;
    // Epsilon lies at most some six standard deviations above the mean loss, so this keeps what rounding adds to it
    // below
    // 1e-2.
    private static final double MOST_SHARE_ROUNDED = 1e-3;

    private PldAccountant() {}

    /** The accountant. */
    public static PldAccountant create() {
        return new PldAccountant();
    }

    /**
     * {@inheritDoc}
     *
     * @param delta from {@link #LEAST_DELTA} to below 1
     */
    @Override
    public double epsilon(Schedule schedule, double delta) {
        Checks.delta(delta);
        Checks.require(
                delta >= LEAST_DELTA,
                "delta",
                delta,
                "be at least " + LEAST_DELTA + " for a privacy loss distribution",
                "use RdpAccountant");
        return worst(schedule, sum -> sum.epsilon(delta));
    }

    /**
     * {@inheritDoc}
     *
     * @return in [{@link #LEAST_DELTA}, 1]
     */
    @Override
    public double delta(Schedule schedule, double epsilon) {
        Checks.notNegative("epsilon", epsilon, "give the loss that is tolerated, such as 8");
        return Math.max(LEAST_DELTA, worst(schedule, sum -> sum.delta(epsilon)));
    }

    private static double worst(Schedule schedule, Function<LossSum, OptionalDouble> price) {
        List<LossDistribution> remove = losses(schedule, Direction.REMOVE);
        List<LossDistribution> add = losses(schedule, Direction.ADD);
        double removing = price(schedule, remove, price);
        return sampled(schedule) ? Math.max(removing, price(schedule, add, price)) : removing;
    }

    /** Without sampling the two directions have the same distribution, by symmetry. */
    private static boolean sampled(Schedule schedule) {
        return schedule.entries().stream()
                .anyMatch(entry ->
                        entry.mechanism() instanceof SubsampledGaussianMechanism sampled && sampled.samplingRate() < 1);
    }

    private static List<LossDistribution> losses(Schedule schedule, Direction direction) {
        return schedule.entries().stream()
                .map(entry -> LossDistribution.of(entry.mechanism(), direction))
                .toList();
    }

    private static double price(
            Schedule schedule, List<LossDistribution> losses, Function<LossSum, OptionalDouble> price) {
        double widest = losses.stream()
                .mapToDouble(loss -> Math.min(loss.high(), LossDistribution.HIGHEST) - loss.low())
                .max()
                .orElseThrow();
        double step = STEP;
        while (step > FINEST_STEP && roundedShare(schedule, losses, step) > MOST_SHARE_ROUNDED) {
            step /= 2;
        }
        for (; step <= LossDistribution.HIGHEST; step *= 2) {
            if (widest / step <= MAX_CELLS) {
                OptionalDouble answer = price.apply(sum(schedule, losses, step));
                if (answer.isPresent()) {
                    return answer.getAsDouble();
                }
            }
        }
        throw new IllegalArgumentException("a privacy loss distribution must span at most " + MAX_CELLS
                + " cells, got more at a grid of " + LossDistribution.HIGHEST + " for a schedule of "
                + schedule.steps() + " steps: use RdpAccountant");
    }

    /**
     * The variance of the total loss that rounding to the grid adds, at most, over the standard deviation of the rounded
     * total.
     */
    private static double roundedShare(Schedule schedule, List<LossDistribution> losses, double step) {
        double variance = 0;
        double added = 0;
        for (int i = 0; i < losses.size(); i++) {
            double spread = losses.get(i).spread();
            int count = schedule.entries().get(i).count();
            variance += count * spread * spread;
            added += count * step * Math.min(step, spread) / 4;
        }
        return added / Math.sqrt(variance + added);
    }

    private static LossSum sum(Schedule schedule, List<LossDistribution> losses, double step) {
        List<LossSum.Term> terms = new ArrayList<>();
        for (int i = 0; i < losses.size(); i++) {
            terms.add(new LossSum.Term(
                    losses.get(i).discretised(step), schedule.entries().get(i).count()));
        }
        return new LossSum(terms);
    }
}
