package dev.sotto.aggregation;

import dev.sotto.privacy.CentralDiscreteGaussian;
import dev.sotto.privacy.NoiseSecret;
import dev.sotto.privacy.ReleaseNoise;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Discrete Gaussian noise whose secret is a file mounted wherever operators run.
 *
 * @param file the secret's path: at least 32 random bytes
 * @param sigma standard deviation in lattice units
 */
record MountedNoise(String file, long sigma) implements Opener<ReleaseNoise> {
    @Override
    public ReleaseNoise open() throws IOException {
        return CentralDiscreteGaussian.create(NoiseSecret.read(Path.of(file)), sigma);
    }
}
