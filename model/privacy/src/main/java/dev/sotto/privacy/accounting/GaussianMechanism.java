package dev.sotto.privacy.accounting;

import java.util.OptionalDouble;

/**
 * The Gaussian mechanism: normal noise on a vector, every unit in every release.
 *
 * <p>Mironov, <i>Renyi Differential Privacy</i> (2017), proposition 7. It does not bound the discrete Gaussian under PLD;
 * see {@link DiscreteGaussianMechanism}.
 *
 * @param noiseMultiplier z, the standard deviation of each coordinate over the L2 sensitivity, positive
 */
public record GaussianMechanism(double noiseMultiplier) implements Mechanism {
    public GaussianMechanism {
        Checks.noiseMultiplier(noiseMultiplier);
    }

    @Override
    public double rdp(double order) {
        return Checks.order(order) * rate();
    }

    @Override
    public OptionalDouble rho() {
        return OptionalDouble.of(rate());
    }

    private double rate() {
        return 1 / (2 * noiseMultiplier * noiseMultiplier);
    }
}
