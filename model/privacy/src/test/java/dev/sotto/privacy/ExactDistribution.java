package dev.sotto.privacy;

import java.util.function.IntToDoubleFunction;

/** A symmetric distribution on -bound to bound by direct summation of its weights: the reference the samplers are held against. */
final class ExactDistribution {
    private final int bound;
    private final double[] probability;

    private ExactDistribution(int bound, IntToDoubleFunction weight) {
        this.bound = bound;
        this.probability = new double[2 * bound + 1];
        double total = 0;
        for (int y = bound; y > 0; y--) {
            total += 2 * weight.applyAsDouble(y);
        }
        total += weight.applyAsDouble(0);
        for (int y = -bound; y <= bound; y++) {
            probability[y + bound] = weight.applyAsDouble(Math.abs(y)) / total;
        }
    }

    static ExactDistribution gaussian(double variance) {
        int bound = (int) Math.ceil(14 * Math.sqrt(variance)) + 14;
        return new ExactDistribution(bound, y -> Math.exp(-(double) y * y / (2 * variance)));
    }

    static ExactDistribution laplace(double scale) {
        return new ExactDistribution((int) Math.ceil(60 * scale) + 60, y -> Math.exp(-y / scale));
    }

    /** By the recurrence of the modified Bessel functions, downwards, where it is stable. */
    static ExactDistribution skellam(double variance) {
        int bound = (int) Math.ceil(14 * Math.sqrt(variance)) + 40;
        double[] bessel = new double[bound + 2];
        bessel[bound] = 1e-200;
        for (int y = bound; y > 0; y--) {
            bessel[y - 1] = bessel[y + 1] + 2 * y / variance * bessel[y];
            if (bessel[y - 1] > 1e200) {
                for (int i = y - 1; i <= bound; i++) {
                    bessel[i] *= 1e-250;
                }
            }
        }
        return new ExactDistribution(bound, y -> bessel[y]);
    }

    int bound() {
        return bound;
    }

    double at(int y) {
        return Math.abs(y) > bound ? 0 : probability[y + bound];
    }

    double variance() {
        double sum = 0;
        for (int y = -bound; y <= bound; y++) {
            sum += (double) y * y * at(y);
        }
        return sum;
    }

    /** The exact delta at epsilon between this distribution and itself shifted by a sensitivity. */
    double delta(double epsilon, int sensitivity) {
        double sum = 0;
        for (int y = -bound; y <= bound + sensitivity; y++) {
            sum += Math.max(0, at(y) - Math.exp(epsilon) * at(y - sensitivity));
        }
        return sum;
    }
}
