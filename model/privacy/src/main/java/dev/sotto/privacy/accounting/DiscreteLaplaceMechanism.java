package dev.sotto.privacy.accounting;

import java.util.OptionalDouble;

/**
 * The discrete Laplace mechanism on one integer: P[y] proportional to exp(-|y| / scale).
 *
 * <p>Ghosh, Roughgarden, Sundararajan, <i>Universally Utility-Maximizing Privacy Mechanisms</i> (2009), section 2. It is
 * sensitivity/scale differentially private outright; the divergence here is the exact sum over the integers.
 *
 * @param scale t, in units of the integers noised, positive
 * @param sensitivity the most by which one unit changes the integer, at least 1
 */
public record DiscreteLaplaceMechanism(double scale, int sensitivity) implements Mechanism {
    public DiscreteLaplaceMechanism {
        Checks.positive("discrete Laplace scale", scale, "give the scale of the noise in units of the integer noised");
        Checks.atLeastOne("sensitivity", sensitivity, "give the most by which one unit changes the integer");
    }

    /** The pure differential privacy of one release. */
    public double pureEpsilon() {
        return sensitivity / scale;
    }

    @Override
    public double rdp(double order) {
        Checks.order(order);
        double keep = -Math.expm1(-1 / scale);
        double logCentre = Math.log(keep) - Math.log1p(Math.exp(-1 / scale));
        double logTail = -Math.log1p(Math.exp(-1 / scale));
        double gain = (order - 1) * pureEpsilon();
        LogSum moment = new LogSum();
        moment.add(logTail + gain);
        moment.add(logTail - pureEpsilon() - gain);
        // Between the two modes the terms are a geometric series.
        double rate = (2 * order - 1) / scale;
        if (sensitivity > 1) {
            moment.add(logCentre
                    + gain
                    - rate
                    + Math.log(-Math.expm1(-rate * (sensitivity - 1)))
                    - Math.log(-Math.expm1(-rate)));
        }
        return Math.max(0, moment.value() / (order - 1));
    }

    /** Bun, Steinke (2016), proposition 1.4: epsilon differential privacy is epsilon^2/2 zCDP. */
    @Override
    public OptionalDouble rho() {
        return OptionalDouble.of(pureEpsilon() * pureEpsilon() / 2);
    }
}
