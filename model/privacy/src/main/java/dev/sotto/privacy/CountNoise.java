package dev.sotto.privacy;

/**
 * Discrete Laplace noise on counts: the {@code analytics} mode.
 *
 * <p>One release of counts of which one unit can change the sum of magnitudes by the sensitivity is epsilon-differentially private (pure: delta is 0);
 * Ghosh, Roughgarden, Sundararajan, <i>Universally Utility-Maximizing Privacy Mechanisms</i> (2009). A replay of the same counts in the same context
 * gives identical noise, so there is nothing to average; other counts of the same context are another release and must be charged as one.
 * Thread-safe as long as the secret is not destroyed.
 */
public final class CountNoise {
    private final NoiseSecret secret;
    private final long sensitivity;
    private final DiscreteLaplace noise;

    private CountNoise(NoiseSecret secret, long sensitivity, DiscreteLaplace noise) {
        this.secret = secret;
        this.sensitivity = sensitivity;
        this.noise = noise;
    }

    /**
     * Noise for a sensitivity and an epsilon.
     *
     * @param sensitivity the most that one unit can change the counts of one release by, magnitudes added up; at least 1
     * @param epsilon of one release, positive; the noise is rounded up as {@link DiscreteLaplace#ofEpsilon} says
     */
    public static CountNoise create(NoiseSecret secret, long sensitivity, double epsilon) {
        return new CountNoise(secret, sensitivity, DiscreteLaplace.ofEpsilon(sensitivity, epsilon));
    }

    /**
     * The counts with noise, which may lead below zero; cutting there is post-processing and costs nothing.
     *
     * @throws ArithmeticException if a noised count leaves 64 bits
     */
    public long[] noised(long[] counts, CountContext context) {
        long[] noised = counts.clone();
        try (NoiseKey key = NoiseKey.derive(secret, context, noise, counts)) {
            RandomWords words = key.words();
            for (int i = 0; i < noised.length; i++) {
                noised[i] = Math.addExact(noised[i], noise.sample(words));
            }
        }
        return noised;
    }

    /** The epsilon of one release, at most the one asked for. */
    public double epsilon() {
        return sensitivity / noise.scale();
    }

    /** The scale in force; the standard deviation is about its 1.4-fold. */
    public double scale() {
        return noise.scale();
    }

    @Override
    public String toString() {
        return "CountNoise[sensitivity=" + sensitivity + ", " + noise + "]";
    }
}
