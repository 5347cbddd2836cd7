package dev.sotto.privacy;

/**
 * Discrete Gaussian noise that the server adds to the exact integer sum: the {@code central} mode.
 *
 * <p>One release of a whole vector costs Delta2^2 / (2 sigma^2) zCDP, Delta2 being the L2 norm one site can contribute, however the vector
 * is cut into chunks. Thread-safe as long as the secret is not destroyed.
 */
public final class CentralDiscreteGaussian implements ReleaseNoise {
    private final NoiseSecret secret;
    private final DiscreteGaussian noise;

    private CentralDiscreteGaussian(NoiseSecret secret, DiscreteGaussian noise) {
        this.secret = secret;
        this.noise = noise;
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
        return noise.sigma();
    }

    @Override
    public String toString() {
        return "CentralDiscreteGaussian[" + noise + "]";
    }
}
