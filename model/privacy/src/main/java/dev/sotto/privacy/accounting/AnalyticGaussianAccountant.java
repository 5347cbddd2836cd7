package dev.sotto.privacy.accounting;

import org.apache.commons.numbers.gamma.Erfc;
import org.apache.commons.numbers.gamma.Erfcx;

/**
 * The exact accountant of Gaussian mechanisms: n of them are one whose squared shifts 1/z^2 are added.
 *
 * <p>Balle, Wang, <i>Improving the Gaussian Mechanism for Differential Privacy</i> (2018), theorem 8: delta = Phi(mu/2 -
 * epsilon/mu) - e^epsilon Phi(-mu/2 - epsilon/mu) with mu = sqrt(sum 1/z^2); Dong, Roth, Su (2022), corollary 3.3, for the
 * sum. It covers {@link GaussianMechanism} alone. Immutable and thread-safe.
 */
public final class AnalyticGaussianAccountant implements PrivacyAccountant {
    private static final double ROOT_HALF = Math.sqrt(0.5);
    private static final double TOLERANCE = 1e-13;

    private AnalyticGaussianAccountant() {}

    /** The accountant. */
    public static AnalyticGaussianAccountant create() {
        return new AnalyticGaussianAccountant();
    }

    @Override
    public double epsilon(Schedule schedule, double delta) {
        Checks.delta(delta);
        double mu = mu(schedule);
        if (delta(mu, 0) <= delta) {
            return 0;
        }
        double high = 1;
        while (delta(mu, high) > delta) {
            high *= 2;
        }
        return LeastThatHolds.between(0, high, epsilon -> delta(mu, epsilon) - delta, TOLERANCE * high);
    }

    @Override
    public double delta(Schedule schedule, double epsilon) {
        Checks.notNegative("epsilon", epsilon, "give the loss that is tolerated, such as 8");
        return delta(mu(schedule), epsilon);
    }

    private static double mu(Schedule schedule) {
        double squares = 0;
        for (Schedule.Entry entry : schedule.entries()) {
            if (!(entry.mechanism() instanceof GaussianMechanism gaussian)) {
                throw new IllegalArgumentException("only GaussianMechanism has an analytic price, got "
                        + entry.mechanism() + ": use RdpAccountant");
            }
            squares += entry.count() / (gaussian.noiseMultiplier() * gaussian.noiseMultiplier());
        }
        return Math.sqrt(squares);
    }

    /**
     * The two terms share the factor exp(-x^2), because x and y are where the two normal densities stand in the ratio
     * e^epsilon.
     */
    private static double delta(double mu, double epsilon) {
        double x = (epsilon / mu - mu / 2) * ROOT_HALF;
        double y = (epsilon / mu + mu / 2) * ROOT_HALF;
        double second = Math.exp(-x * x) * Erfcx.value(y);
        double first = x < 0 ? Erfc.value(x) : Math.exp(-x * x) * Erfcx.value(x);
        return Math.max(0, Math.min(1, (first - second) / 2));
    }
}
