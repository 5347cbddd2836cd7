package dev.sotto.privacy;

/**
 * Discrete Gaussian noise that the server adds to the exact integer sum: the {@code central} mode.
 *
 * <p>One release of a whole vector costs Delta2^2 / (2 sigma^2) zCDP, Delta2 being the L2 norm one site can contribute, however the vector
 * is cut into chunks, and {@link #deltaOf} for the sampler's distance from the distribution. Up to sigma 2^30 a {@link
 * DiscreteGaussianTable} samples, beyond it the exact {@link DiscreteGaussian}. Thread-safe as long as the secret is not
 * destroyed.
 */
public final class CentralDiscreteGaussian implements ReleaseNoise {
    private final NoiseSecret secret;
    private final DiscreteGaussian distribution;
    private final IntegerNoise noise;

    private CentralDiscreteGaussian(NoiseSecret secret, DiscreteGaussian distribution) {
        this.secret = secret;
        this.distribution = distribution;
        this.noise = DiscreteGaussianTable.covers(distribution) ? DiscreteGaussianTable.of(distribution) : distribution;
    }

    /**
     * Noise of standard deviation sigma, rounded up as {@link DiscreteGaussian#ofSigma} says.
     *
     * @param sigma in units of the integers summed (lattice units)
     */
    public static CentralDiscreteGaussian create(NoiseSecret secret, double sigma) {
        return new CentralDiscreteGaussian(secret, DiscreteGaussian.ofSigma(sigma));
    }

    /** {@inheritDoc} */
    @Override
    public void addTo(int[] exactSum, NoiseContext context) {
        try (NoiseKey key = NoiseKey.derive(secret, context, noise, exactSum)) {
            noise.addTo(exactSum, key.words());
        }
    }

    /** The sigma in force, in lattice units. */
    public double sigma() {
        return distribution.sigma();
    }

    /**
     * What so many entries add to the delta of an (epsilon, delta) statement, because they are sampled from a table.
     *
     * @param entries noised, over all releases the statement is about
     */
    public double deltaOf(long entries, double epsilon) {
        return noise instanceof DiscreteGaussianTable table ? table.deltaOf(entries, epsilon) : 0;
    }

    @Override
    public String toString() {
        return "CentralDiscreteGaussian[" + noise + "]";
    }
}
