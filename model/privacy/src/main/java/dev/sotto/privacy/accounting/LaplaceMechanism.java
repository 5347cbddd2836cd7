package dev.sotto.privacy.accounting;

import java.util.OptionalDouble;

/**
 * The Laplace mechanism on one number.
 *
 * <p>Mironov (2017), proposition 6. It is 1/scale differentially private outright.
 *
 * @param scale b, over the L1 sensitivity, positive
 */
public record LaplaceMechanism(double scale) implements Mechanism {
    public LaplaceMechanism {
        Checks.positive("Laplace scale", scale, "give the scale of the noise over the L1 sensitivity");
    }

    @Override
    public double rdp(double order) {
        Checks.order(order);
        LogSum moment = new LogSum();
        moment.add(Math.log(order / (2 * order - 1)) + (order - 1) / scale);
        moment.add(Math.log((order - 1) / (2 * order - 1)) - order / scale);
        return Math.max(0, moment.value() / (order - 1));
    }

    /** Bun, Steinke (2016), proposition 1.4: epsilon differential privacy is epsilon^2/2 zCDP. */
    @Override
    public OptionalDouble rho() {
        return OptionalDouble.of(1 / (2 * scale * scale));
    }
}
