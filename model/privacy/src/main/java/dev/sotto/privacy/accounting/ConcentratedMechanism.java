package dev.sotto.privacy.accounting;

import dev.sotto.privacy.ZCdp;
import java.util.OptionalDouble;

/**
 * Any mechanism of which only its concentrated differential privacy is known.
 *
 * <p>Bun, Steinke (2016).
 *
 * @param cost rho of the zCDP guarantee, positive
 */
public record ConcentratedMechanism(double cost) implements Mechanism {
    public ConcentratedMechanism {
        Checks.positive("rho", cost, "leave a release without cost out of the schedule");
    }

    /**
     * Discrete Gaussian noise on a vector of integers; Canonne, Kamath, Steinke (2020), theorem 4 and its multivariate
     * corollary.
     *
     * @param delta2 the L2 sensitivity, in units of the integers noised, positive
     * @param sigma the standard deviation parameter of each coordinate, positive
     */
    public static ConcentratedMechanism ofDiscreteGaussian(double delta2, double sigma) {
        Checks.positive("L2 sensitivity", delta2, "give the largest L2 norm of one unit's contribution");
        Checks.positive("discrete Gaussian sigma", sigma, "give the noise in units of the integers noised");
        return new ConcentratedMechanism(ZCdp.ofDiscreteGaussian(delta2, sigma).rho());
    }

    @Override
    public double rdp(double order) {
        return Checks.order(order) * cost;
    }

    @Override
    public OptionalDouble rho() {
        return OptionalDouble.of(cost);
    }
}
