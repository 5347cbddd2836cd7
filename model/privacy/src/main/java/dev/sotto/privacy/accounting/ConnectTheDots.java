package dev.sotto.privacy.accounting;

/**
 * A privacy loss distribution being rounded to a grid so that its curve delta(epsilon) is met at every grid point and never
 * undercut between them.
 *
 * <p>Doroshenko, Ghazi, Kamath, Kumar, Manurangsi, <i>Connect the Dots: Tighter Discrete Approximations of Privacy Loss
 * Distributions</i> (2022), algorithm 1. There the masses are second differences of delta(epsilon), which loses all digits
 * on a fine grid. Here each cell [e, e + h] is rounded by itself, to the same result: its mass p under P and q under Q moves
 * to its two ends so that both are kept, which puts (p - q exp(e)) / (1 - exp(-h)) on the upper one. Mass below the grid
 * moves up to its lowest point and mass above counts as infinite loss; rounding errors are charged to the upper end. Not
 * thread-safe.
 */
final class ConnectTheDots {
    private static final double ROUNDING = 0x1p-50;

    private final double step;
    private final int lowest;
    private final double[] mass;
    private final double gap;
    private double infinite;

    /** A grid of multiples of {@code step} that covers the losses from low to high. */
    ConnectTheDots(double step, double low, double high) {
        this.step = step;
        lowest = (int) Math.floor(low / step);
        mass = new double[(int) Math.ceil(high / step) - lowest + 2];
        gap = -Math.expm1(-step);
    }

    int lowest() {
        return lowest;
    }

    /** The highest cell; its upper end is the highest grid point. */
    int highestCell() {
        return lowest + mass.length - 2;
    }

    double at(int index) {
        return index * step;
    }

    /**
     * Adds the part of the distribution whose loss lies in cell {@code index}, from at(index) to at(index + 1).
     *
     * @param p its mass under P
     * @param q its mass under Q
     * @param error a bound on the rounding of either mass, in units of 2^-50
     */
    void cell(int index, double p, double q, double error) {
        double growth = Math.exp(at(index));
        double slack = ROUNDING * (error * (1 + growth) + p * (1 + Math.abs(at(index))));
        split(index, p, (p - q * growth + slack) / gap);
    }

    /** Adds a mass under P whose loss is one number. */
    void atom(double loss, double p) {
        if (loss > at(highestCell() + 1)) {
            aboveGrid(p);
            return;
        }
        int index = Math.min(highestCell(), Math.max(lowest, (int) Math.floor(loss / step)));
        double offset = loss - at(index) + ROUNDING * Math.abs(loss);
        split(index, p, p * -Math.expm1(-offset) / gap);
    }

    /** Adds a mass under P whose loss is below the grid. */
    void belowGrid(double p) {
        mass[0] += p;
    }

    /** Adds a mass under P whose loss is above the grid. */
    void aboveGrid(double p) {
        infinite += p;
    }

    PrivacyLoss loss() {
        return new PrivacyLoss(step, lowest, mass, infinite);
    }

    private void split(int index, double p, double upper) {
        double clamped = Math.max(0, Math.min(p, upper));
        mass[index - lowest + 1] += clamped;
        mass[index - lowest] += p - clamped;
    }
}
