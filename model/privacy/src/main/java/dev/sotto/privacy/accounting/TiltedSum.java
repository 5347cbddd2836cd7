package dev.sotto.privacy.accounting;

import java.util.List;
import java.util.Optional;

/**
 * The convolution of the losses of a schedule under a tilt, from which delta and epsilon are read.
 *
 * <p>What is not exact is charged: the mass beyond the window's upper end counts as infinite loss, mass below its lower end
 * wraps around to the top, where it costs more, and every cell is raised by a bound on the rounding of the transforms and of
 * the powers. Masses of single losses are exact to some units in the last place; the whole is raised by as many for each
 * release. Immutable.
 */
final class TiltedSum {
    private static final int MAX_LOG_CELLS = 22;
    private static final int MIN_LOG_CELLS = 6;
    private static final double INPUT_ROUNDING = 0x1p-48;

    private final double step;
    private final double tilt;
    private final double cumulant;
    private final double lowest;
    private final double[] mass;
    private final double beyond;
    private final double inflation;

    private TiltedSum(LossSum sum, double tilt, TiltWindow window, double[] mass) {
        step = sum.step();
        this.tilt = tilt;
        cumulant = sum.cumulant(tilt);
        lowest = window.lowest();
        this.mass = mass;
        beyond = TiltWindow.OUTSIDE * Math.exp(cumulant - tilt * window.highest() * step);
        inflation = 1 + INPUT_ROUNDING * sum.count();
    }

    /** The convolution, or empty if its window has more than 2^22 cells. */
    static Optional<TiltedSum> of(LossSum sum, double tilt) {
        List<double[]> tilted =
                sum.terms().stream().map(term -> term.loss().tilted(tilt)).toList();
        double variance = 0;
        for (int i = 0; i < tilted.size(); i++) {
            variance += sum.terms().get(i).count() * variance(tilted.get(i));
        }
        double deviation = Math.max(1, Math.sqrt(variance)) * sum.step();
        TiltWindow window = TiltWindow.of(sum, tilt, deviation);
        if (!(window.cells() <= 1 << MAX_LOG_CELLS)) {
            return Optional.empty();
        }
        int log = Math.max(MIN_LOG_CELLS, Long.SIZE - Long.numberOfLeadingZeros((long) window.cells() - 1));
        Spectrum spectrum = new Spectrum(new RealFft(log));
        for (int i = 0; i < tilted.size(); i++) {
            LossSum.Term term = sum.terms().get(i);
            spectrum.multiply(wrapped(tilted.get(i), term.loss().lowest(), 1 << log), term.count());
        }
        int first = Math.floorMod((long) window.lowest(), 1 << log);
        return Optional.of(new TiltedSum(sum, tilt, window, wrapped(spectrum.convolution(), -first, 1 << log)));
    }

    /** In squared steps. */
    private static double variance(double[] tilted) {
        double mean = 0;
        for (int i = 0; i < tilted.length; i++) {
            mean += i * tilted[i];
        }
        double variance = 0;
        for (int i = 0; i < tilted.length; i++) {
            variance += (i - mean) * (i - mean) * tilted[i];
        }
        return variance;
    }

    /** The masses at their losses modulo the size, a power of two. */
    private static double[] wrapped(double[] masses, int lowest, int size) {
        double[] wrapped = new double[size];
        for (int i = 0; i < masses.length; i++) {
            wrapped[(lowest + i) & (size - 1)] += masses[i];
        }
        return wrapped;
    }

    /** The least epsilon, at least 0 and within the window, at which delta is at most {@code target}. */
    double epsilon(double target) {
        double keep = Math.exp(-step);
        double gap = -Math.expm1(-step);
        double delta = inflation * beyond;
        // The sum of mass times exp(epsilon - loss) over losses from epsilon up.
        double shrunk = 0;
        for (int i = mass.length - 1; i >= 0; i--) {
            double next = delta + gap * shrunk;
            if (next > target) {
                return Math.max(0, loss(i + 1) + Math.log1p(-(target - delta) / shrunk));
            }
            if (loss(i) <= 0) {
                return 0;
            }
            delta = next;
            shrunk = keep * shrunk + original(i);
        }
        return Math.max(0, loss(0));
    }

    /** Delta at an epsilon of at least 0. */
    double delta(double epsilon) {
        double keep = Math.exp(-step);
        double gap = -Math.expm1(-step);
        double delta = inflation * beyond;
        double shrunk = 0;
        int i = mass.length - 1;
        while (i >= 0 && loss(i) >= epsilon) {
            delta += gap * shrunk;
            shrunk = keep * shrunk + original(i);
            i--;
        }
        return delta - Math.expm1(epsilon - loss(i + 1)) * shrunk;
    }

    private double loss(int index) {
        return (lowest + index) * step;
    }

    /** The mass before the tilt. */
    private double original(int index) {
        return inflation * mass[index] * Math.exp(cumulant - tilt * loss(index));
    }
}
