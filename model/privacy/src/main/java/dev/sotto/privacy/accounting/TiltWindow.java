package dev.sotto.privacy.accounting;

/**
 * The losses between which a tilted sum lies but for {@link #OUTSIDE} at either end.
 *
 * @param lowest in steps
 * @param highest in steps
 */
record TiltWindow(double lowest, double highest) {
    /** The most tilted mass beyond each end. */
    static final double OUTSIDE = 1e-16;

    private static final double LOG_OUTSIDE = Math.log(OUTSIDE);
    private static final double[] MULTIPLES = {0.125, 0.25, 0.5, 1, 2, 4, 8};

    /**
     * By Chernoff's bound at some multiples of what is best for a normal distribution; every one is valid.
     *
     * @param tilt of the sum, at least 0
     * @param deviation the standard deviation of the tilted sum, positive
     */
    static TiltWindow of(LossSum sum, double tilt, double deviation) {
        double least = 0;
        double most = 0;
        for (LossSum.Term term : sum.terms()) {
            least += (double) term.count() * term.loss().lowest();
            most += (double) term.count() * term.loss().highest();
        }
        double step = sum.step();
        double centre = sum.cumulant(tilt);
        for (double multiple : MULTIPLES) {
            double t = Math.min(multiple * Math.sqrt(-2 * LOG_OUTSIDE) / deviation, 2 / step);
            most = Math.min(most, Math.ceil((sum.cumulant(tilt + t) - centre - LOG_OUTSIDE) / t / step));
            least = Math.max(least, Math.floor(-(sum.cumulant(tilt - t) - centre - LOG_OUTSIDE) / t / step));
        }
        return new TiltWindow(least, most);
    }

    double cells() {
        return highest - lowest + 1;
    }
}
