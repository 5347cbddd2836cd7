package dev.sotto.privacy.accounting;

import org.apache.commons.numbers.gamma.Erfc;

/**
 * The privacy loss of the Gaussian mechanism on a Poisson sample: N(0, z^2) without the unit, (1-q) N(0, z^2) + q N(1, z^2)
 * with it.
 *
 * <p>The dominating pairs of Zhu, Dong, Wang, <i>Optimal Accounting of Differential Privacy via Characteristic Function</i>
 * (2022), theorem 11.
 *
 * @param q in (0, 1]
 * @param z positive
 * @param direction whether the output is drawn with the unit ({@code REMOVE}) or without it ({@code ADD})
 */
record SampledGaussianLoss(double q, double z, Direction direction) implements LossDistribution {
    // Beyond so many standard deviations lies a mass of 1e-21.
    private static final double TAIL = 9.5;
    private static final double ROOT_HALF = Math.sqrt(0.5);

    @Override
    public double low() {
        return direction == Direction.REMOVE ? ratio((q == 1 ? 1 : 0) - TAIL * z) : -ratio(TAIL * z);
    }

    @Override
    public double high() {
        return direction == Direction.REMOVE ? ratio(1 + TAIL * z) : -ratio(-TAIL * z);
    }

    @Override
    public double spread() {
        // The chi-square divergence for little loss, the Gaussian's for much.
        return Math.min(1 / z, q * Math.sqrt(Math.expm1(1 / (z * z))));
    }

    @Override
    public void addTo(ConnectTheDots dots) {
        boolean remove = direction == Direction.REMOVE;
        Edge low = edge(dots.at(dots.lowest()));
        dots.belowGrid(remove ? mixed(low.below(0), low.below(1)) : low.above(0));
        for (int i = dots.lowest(); i <= dots.highestCell(); i++) {
            Edge high = edge(dots.at(i + 1));
            double without = remove ? low.to(high, 0) : high.to(low, 0);
            double with = mixed(without, remove ? low.to(high, 1) : high.to(low, 1));
            double error = low.rounding() + high.rounding();
            dots.cell(i, remove ? with : without, remove ? without : with, error);
            low = high;
        }
        dots.aboveGrid(remove ? mixed(low.above(0), low.above(1)) : low.below(0));
    }

    private double mixed(double without, double with) {
        return (1 - q) * without + q * with;
    }

    /** The output at which the loss is so much. */
    private Edge edge(double loss) {
        double x = output(direction == Direction.REMOVE ? loss : -loss);
        double without = x / z;
        double with = (x - 1) / z;
        return new Edge(without, tail(without), with, tail(with));
    }

    private static double tail(double x) {
        return Erfc.value(Math.abs(x) * ROOT_HALF) / 2;
    }

    /** ln of the density with the unit over the one without it, at output x; it grows with x. */
    private double ratio(double x) {
        double shift = (2 * x - 1) / (2 * z * z);
        return shift > 0 ? shift + Math.log(q + (1 - q) * Math.exp(-shift)) : Math.log1p(q * Math.expm1(shift));
    }

    /** The inverse of {@link #ratio}; minus infinity for what it never falls to. */
    private double output(double ratio) {
        double shift;
        if (ratio > 1) {
            shift = ratio + Math.log1p(-(1 - q) * Math.exp(-ratio)) - Math.log(q);
        } else {
            double grown = (Math.expm1(ratio) + q) / q;
            shift = q == 1 ? ratio : grown > 0 ? Math.log(grown) : Double.NEGATIVE_INFINITY;
        }
        return z * z * shift + 0.5;
    }

    /**
     * An output in standard deviations from either mean, each with the mass of the normal tail on its own side, which keeps
     * its digits.
     */
    private record Edge(double without, double withoutTail, double with, double withTail) {
        double below(int mean) {
            return x(mean) <= 0 ? tail(mean) : 1 - tail(mean);
        }

        double above(int mean) {
            return x(mean) >= 0 ? tail(mean) : 1 - tail(mean);
        }

        /** The normal mass from this edge up to a higher one. */
        double to(Edge high, int mean) {
            double mass;
            if (x(mean) >= 0) {
                mass = tail(mean) - high.tail(mean);
            } else if (high.x(mean) <= 0) {
                mass = high.tail(mean) - tail(mean);
            } else {
                mass = 1 - tail(mean) - high.tail(mean);
            }
            return Math.max(0, mass);
        }

        double rounding() {
            return Math.max(withoutTail, withTail);
        }

        private double x(int mean) {
            return mean == 0 ? without : with;
        }

        private double tail(int mean) {
            return mean == 0 ? withoutTail : withTail;
        }
    }
}
