package dev.sotto.federation;

import dev.sotto.privacy.Sensitivity;

/**
 * How a site turns its update into integers of the ring.
 *
 * @param ringBits entries are integers mod 2^ringBits; 32 is the one width on the wire so far
 * @param chunkEntries entries a chunk, a multiple of four, at most 131072 (512 KiB)
 * @param clipNorm the largest L2 norm of an update
 * @param scale lattice points per unit
 */
public record EncodingSettings(int ringBits, int chunkEntries, double clipNorm, double scale) {
    /** A discrete Gaussian leaves this many standard deviations with probability below 2^-70 an entry. */
    private static final double NOISE_TAIL = 10;

    public EncodingSettings {
        Check.require(ringBits == 32, "encoding.ringBits", ringBits, "32");
        Check.require(
                chunkEntries >= 4 && chunkEntries <= 131072 && chunkEntries % 4 == 0,
                "encoding.chunkEntries",
                chunkEntries,
                "a multiple of 4 between 4 and 131072");
        Check.require(clipNorm > 0 && clipNorm < 1e6, "encoding.clipNorm", clipNorm, "above 0 and below 1e6");
        Check.require(scale >= 1 && scale <= 1L << 30, "encoding.scale", scale, "between 1 and 2^30");
    }

    /** The L2 bound, in lattice units, that every encoded update of this dimension keeps. */
    public double delta2(int dimension) {
        return Sensitivity.delta2(clipNorm * scale, dimension);
    }

    /**
     * Refuses parameters under which the sum of {@code sites} updates and its noise could leave the ring.
     *
     * @param sigma the noise's standard deviation in lattice units
     * @throws ConfigurationException naming the numbers
     */
    public void requireNoOverflow(int sites, int dimension, double sigma) {
        double largest = sites * Math.ceil(delta2(dimension)) + NOISE_TAIL * sigma;
        double bound = Math.scalb(1.0, ringBits - 1);
        if (!(largest < bound)) {
            throw new ConfigurationException(
                    "the sum of %d sites can reach %.0f (clip norm %s, scale %s, noise %.1f) but a ring of %d bits holds %.0f; lower encoding.scale or encoding.clipNorm"
                            .formatted(sites, largest, clipNorm, scale, sigma, ringBits, bound));
        }
    }

    /** The number of chunks of a vector of {@code entries}. */
    public int chunks(int entries) {
        return (entries + chunkEntries - 1) / chunkEntries;
    }
}
