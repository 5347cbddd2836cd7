package dev.sotto.privacy.accounting;

/**
 * The distribution of the privacy loss ln(P(y)/Q(y)) of one release, y from P: P is the output on one neighbour and Q on the
 * other.
 *
 * <p>Implementations are immutable.
 */
sealed interface LossDistribution permits DiscreteGaussianLoss, DiscreteLaplaceLoss, LaplaceLoss, SampledGaussianLoss {
    /** Losses above this count as infinite; it keeps exp(loss) far from overflow and is beyond any epsilon of use. */
    double HIGHEST = 700;

    /** The dominating pair of a mechanism. */
    static LossDistribution of(Mechanism mechanism, Direction direction) {
        if (mechanism instanceof GaussianMechanism gaussian) {
            return new SampledGaussianLoss(1, gaussian.noiseMultiplier(), direction);
        }
        if (mechanism instanceof SubsampledGaussianMechanism sampled) {
            return new SampledGaussianLoss(sampled.samplingRate(), sampled.noiseMultiplier(), direction);
        }
        if (mechanism instanceof LaplaceMechanism laplace) {
            return new LaplaceLoss(laplace.scale());
        }
        if (mechanism instanceof DiscreteLaplaceMechanism laplace) {
            return new DiscreteLaplaceLoss(laplace.scale(), laplace.sensitivity());
        }
        if (mechanism instanceof DiscreteGaussianMechanism gaussian) {
            return new DiscreteGaussianLoss(gaussian.sigma(), gaussian.sensitivity());
        }
        throw new IllegalArgumentException(
                "no privacy loss distribution is known for " + mechanism + ": use RdpAccountant");
    }

    /** A loss below which no more than a negligible mass lies. */
    double low();

    /** A loss above which no more than a negligible mass lies; may exceed {@link #HIGHEST}. */
    double high();

    /** About the standard deviation of the loss, positive; no more than the fineness of the grid depends on it. */
    double spread();

    /** Hands the whole distribution to a discretisation whose grid covers low() to high(). */
    void addTo(ConnectTheDots dots);

    /** Rounds this distribution to multiples of {@code step}. */
    default PrivacyLoss discretised(double step) {
        ConnectTheDots dots = new ConnectTheDots(step, Math.min(low(), HIGHEST), Math.min(high(), HIGHEST));
        addTo(dots);
        return dots.loss();
    }
}
