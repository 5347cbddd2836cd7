package dev.sotto.privacy.accounting;

import java.util.function.DoubleBinaryOperator;
import org.apache.commons.numbers.gamma.Erfc;

/**
 * What is true of the Poisson-subsampled Gaussian, by quadrature and closed forms; the trapezoidal rule converges
 * geometrically on these integrands.
 */
record SampledGaussianTruth(double q, double z) {
    private static final int POINTS_PER_DEVIATION = 100;

    /** The Renyi divergence of the output with the unit from the one without. */
    double renyi(double order) {
        // Large moments would overflow; they peak near the order.
        double scale = Math.max(0, order * (order - 1) / (2 * z * z) + order * Math.log(q));
        double excess = integral(order, (x, logWeight) -> {
            double ratio = q * Math.expm1((2 * x - 1) / (2 * z * z));
            double log = order * Math.log1p(ratio);
            // The integrand of A - 1: its linear part has mean zero, and leaving it out keeps all digits when q is
            // small.
            if (order * Math.abs(ratio) < 1e-3) {
                double series =
                        1 + (order - 2) / 3 * ratio * (1 + (order - 3) / 4 * ratio * (1 + (order - 4) / 5 * ratio));
                return order * (order - 1) / 2 * ratio * ratio * series * Math.exp(logWeight - scale);
            }
            return log < 1
                    ? (Math.expm1(log) - order * ratio) * Math.exp(logWeight - scale)
                    : Math.exp(log + logWeight - scale) - (1 + order * ratio) * Math.exp(logWeight - scale);
        });
        return (scale == 0 ? Math.log1p(excess) : scale + Math.log(Math.exp(-scale) + excess)) / (order - 1);
    }

    /** The hockey-stick divergence of one release; epsilon may be negative. */
    double delta(double epsilon, Direction direction) {
        if (direction == Direction.REMOVE) {
            double from = output(epsilon);
            return with(-from) - Math.exp(epsilon) * above(from, 0);
        }
        double to = output(-epsilon);
        return to == Double.NEGATIVE_INFINITY
                ? 0
                : above(-to, 0) - Math.exp(epsilon) * ((1 - q) * above(-to, 0) + q * above(1 - to, 0));
    }

    /** The hockey-stick divergence of two releases. */
    double deltaOfTwo(double epsilon, Direction direction) {
        return integral(1, (x, logWeight) -> {
            double ratio = 1 + q * Math.expm1((2 * x - 1) / (2 * z * z));
            double delta = direction == Direction.REMOVE
                    ? ratio * delta(epsilon - Math.log(ratio), direction)
                    : delta(epsilon + Math.log(ratio), direction);
            return delta * Math.exp(logWeight);
        });
    }

    /** P[output above -x] with the unit. */
    private double with(double x) {
        return (1 - q) * above(-x, 0) + q * above(-x, 1);
    }

    private double above(double x, double mean) {
        return Erfc.value((x - mean) / (z * Math.sqrt(2))) / 2;
    }

    private double output(double loss) {
        double grown = (Math.expm1(loss) + q) / q;
        return grown <= 0 ? Double.NEGATIVE_INFINITY : z * z * Math.log(grown) + 0.5;
    }

    /**
     * The integral of a function of x and of ln exp(-x^2 / (2 z^2)), over that weight's norm, far enough up for moments of
     * the order.
     */
    private double integral(double order, DoubleBinaryOperator value) {
        double step = z / POINTS_PER_DEVIATION;
        int points = (int) ((13 + (order + 1) / z) * POINTS_PER_DEVIATION);
        double sum = 0;
        for (int i = -13 * POINTS_PER_DEVIATION; i <= points; i++) {
            double x = i * step;
            sum += value.applyAsDouble(x, -x * x / (2 * z * z));
        }
        return sum * step / (z * Math.sqrt(2 * Math.PI));
    }
}
