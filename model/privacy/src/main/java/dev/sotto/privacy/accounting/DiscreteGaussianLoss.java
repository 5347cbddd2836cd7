package dev.sotto.privacy.accounting;

/**
 * The privacy loss of the discrete Gaussian mechanism: D (2 y + D) / (2 sigma^2) when the noise is y, the same for adding
 * and removing.
 *
 * <p>A shift by D dominates every smaller one, because the likelihood ratio of shifts of a log-concave distribution is
 * monotone.
 *
 * @param sigma at most 2^20 here; above, the sums over the integers get long and the concentrated bound is as good
 * @param sensitivity D
 */
record DiscreteGaussianLoss(double sigma, int sensitivity) implements LossDistribution {
    private static final double MAX_SIGMA = 0x1p20;
    private static final double TAIL = 9.6;

    DiscreteGaussianLoss {
        Checks.require(
                sigma <= MAX_SIGMA,
                "discrete Gaussian sigma",
                sigma,
                "be at most " + MAX_SIGMA + " for a privacy loss distribution",
                "use ZcdpAccountant");
    }

    /** The normalised probabilities of y = 0, 1, ..., as far as the tail goes. */
    double[] masses() {
        double[] masses = new double[reach() + 1];
        double total = 0;
        for (int y = masses.length - 1; y >= 0; y--) {
            masses[y] = Math.exp(-(double) y * y / (2 * sigma * sigma));
            total += y == 0 ? masses[y] : 2 * masses[y];
        }
        for (int y = 0; y < masses.length; y++) {
            masses[y] /= total;
        }
        return masses;
    }

    @Override
    public double low() {
        return Math.max(loss(-reach()), -HIGHEST);
    }

    @Override
    public double high() {
        return loss(reach());
    }

    @Override
    public double spread() {
        return sensitivity / sigma;
    }

    @Override
    public void addTo(ConnectTheDots dots) {
        double[] masses = masses();
        for (int y = -reach(); y <= reach(); y++) {
            dots.atom(loss(y), masses[Math.abs(y)]);
        }
        // Each further term is smaller than the one before by at least the same factor.
        double ratio = Math.exp(-(2.0 * reach() + 1) / (2 * sigma * sigma));
        double tail = masses[reach()] * ratio / (1 - ratio);
        dots.aboveGrid(tail);
        dots.belowGrid(tail);
    }

    private int reach() {
        return (int) Math.ceil(TAIL * sigma) + 1;
    }

    private double loss(int y) {
        return sensitivity * (2.0 * y + sensitivity) / (2 * sigma * sigma);
    }
}
