package dev.sotto.simulation;

import java.security.SecureRandom;
import java.util.SplittableRandom;

/** A generator for secrets that repeats itself: the same seed makes the same keys, shares and nonces. Not thread-safe. */
final class SeededRandom extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final transient SplittableRandom random;

    SeededRandom(long seed) {
        // Without a provider: nothing of the platform's generator is to be drawn.
        super(null, null);
        this.random = new SplittableRandom(seed);
    }

    @Override
    public String getAlgorithm() {
        return "seeded";
    }

    @Override
    public void nextBytes(byte[] bytes) {
        random.nextBytes(bytes);
    }

    @Override
    public void setSeed(long seed) {
        // The superclass seeds itself while it is built; the seed of a simulation is its own.
    }
}
