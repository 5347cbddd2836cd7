package dev.sotto.privacy.accounting;

import java.util.List;

/**
 * Noise that is correlated over the steps of training by a buffered linear Toeplitz matrix C: C_0 = 1 and
 * C_t = sum_j omega_j theta_j^(t-1) on the t-th diagonal below. Adding C^-1 z to the gradients costs what adding z to C times them
 * does.
 *
 * <p>McMahan, Krichene, Pillutla and others (2024), "A Hassle-free Algorithm for Strong Differential Privacy in Federated
 * Learning", section 3; Dvijotham, McMahan, Pillutla, Steinke, Thakurta (2024), "Efficient and Near-Optimal Noise Generation
 * for Streaming Differential Privacy".
 *
 * @param omega the buffers' weights
 * @param theta their decays, as many, each at least 0 and below 1
 */
public record BufferedToeplitz(List<Double> omega, List<Double> theta) {
    public BufferedToeplitz {
        omega = List.copyOf(omega);
        theta = List.copyOf(theta);
        if (omega.size() != theta.size() || omega.isEmpty()) {
            throw new IllegalArgumentException("%d weights and %d decays: give one decay a weight, and at least one"
                    .formatted(omega.size(), theta.size()));
        }
        for (double decay : theta) {
            if (!(decay >= 0 && decay < 1)) {
                throw new IllegalArgumentException(
                        "decay %s is not at least 0 and below 1: the buffer would grow for ever".formatted(decay));
            }
        }
    }

    /**
     * The square of the largest L2 norm of C times the contributions of a unit that takes part in one of so many steps, at most 1
     * long: the squared norm of C's first column, as geometric series.
     *
     * @param steps 1 or more
     */
    public double sensitivitySquared(int steps) {
        if (steps < 1) {
            throw new IllegalArgumentException("%d steps: there is no release; give 1 or more".formatted(steps));
        }
        double sum = 1;
        for (int i = 0; i < omega.size(); i++) {
            for (int j = 0; j < omega.size(); j++) {
                double ratio = theta.get(i) * theta.get(j);
                double powers = -Math.expm1((steps - 1.0) * Math.log(ratio)) / (1 - ratio);
                sum += omega.get(i) * omega.get(j) * (steps == 1 ? 0 : powers);
            }
        }
        return sum;
    }

    /**
     * What all steps together cost such a unit.
     *
     * @param noiseMultiplier the standard deviation of z over the clip norm, positive
     */
    public ConcentratedMechanism over(int steps, double noiseMultiplier) {
        Checks.positive("noise multiplier", noiseMultiplier, "give the standard deviation over the clip norm");
        return new ConcentratedMechanism(sensitivitySquared(steps) / (2 * noiseMultiplier * noiseMultiplier));
    }
}
