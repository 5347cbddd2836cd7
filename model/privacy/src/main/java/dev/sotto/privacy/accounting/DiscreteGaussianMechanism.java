package dev.sotto.privacy.accounting;

import dev.sotto.privacy.ZCdp;
import java.util.OptionalDouble;

/**
 * The discrete Gaussian mechanism on one integer: P[y] proportional to exp(-y^2 / (2 sigma^2)).
 *
 * <p>Canonne, Kamath, Steinke (2020), theorem 4. For a vector of integers use {@link
 * ConcentratedMechanism#ofDiscreteGaussian}: no single shift stands for all differences of the same L2 norm there, so only
 * the concentrated bound holds.
 *
 * @param sigma the standard deviation parameter, in units of the integers noised, positive
 * @param sensitivity the most by which one unit changes the integer, at least 1
 */
public record DiscreteGaussianMechanism(double sigma, int sensitivity) implements Mechanism {
    public DiscreteGaussianMechanism {
        Checks.positive("discrete Gaussian sigma", sigma, "give the noise in units of the integer noised");
        Checks.atLeastOne("sensitivity", sensitivity, "give the most by which one unit changes the integer");
    }

    @Override
    public double rdp(double order) {
        return Checks.order(order) * cost();
    }

    @Override
    public OptionalDouble rho() {
        return OptionalDouble.of(cost());
    }

    private double cost() {
        return ZCdp.ofDiscreteGaussian(sensitivity, sigma).rho();
    }
}
