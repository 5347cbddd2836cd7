package dev.sotto.federation;

import dev.sotto.privacy.Sensitivity;
import dev.sotto.secagg.Ring;
import java.util.List;

/**
 * How a site turns its update into integers of the ring.
 *
 * @param ringBits entries are integers mod 2^ringBits, packed: 16, 20, 24 or 32
 * @param chunkEntries ring entries a chunk, metrics included: a multiple of four, 8 to 131072 (512 KiB)
 * @param clipNorm the largest L2 norm of an update
 * @param scale lattice points per unit
 * @param metricsShare the norm of a site's encoded metrics over the bound of its update, 0.01 to 1: more makes the noise on
 *     counts and loss smaller and the noise on everything larger
 */
public record EncodingSettings(int ringBits, int chunkEntries, double clipNorm, double scale, double metricsShare) {
    /** The largest scale. */
    static final double MAX_SCALE = 1L << 30;

    /** The widths of a ring, ascending. */
    static final List<Integer> WIDTHS = List.of(16, 20, 24, 32);

    /** A discrete Gaussian leaves this many standard deviations with probability below 2^-70 an entry. */
    static final double NOISE_TAIL = 10;

    public EncodingSettings {
        Check.require(WIDTHS.contains(ringBits), "encoding.ringBits", ringBits, "one of " + WIDTHS);
        Check.require(
                chunkEntries >= ChunkLayout.LEAST_ENTRIES && chunkEntries <= 131072 && chunkEntries % 4 == 0,
                "encoding.chunkEntries",
                chunkEntries,
                "a multiple of 4 between 8 and 131072");
        Check.require(clipNorm > 0 && clipNorm < 1e6, "encoding.clipNorm", clipNorm, "above 0 and below 1e6");
        Check.require(scale >= 1 && scale <= MAX_SCALE, "encoding.scale", scale, "between 1 and 2^30");
        Check.require(
                metricsShare >= 0.01 && metricsShare <= 1, "encoding.metricsShare", metricsShare, "between 0.01 and 1");
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
                    "the sum of %d sites can reach %.0f (clip norm %s, scale %s, noise %.1f) but a ring of %d bits holds %.0f; lower encoding.scale or encoding.clipNorm, or widen encoding.ringBits"
                            .formatted(sites, largest, clipNorm, scale, sigma, ringBits, bound));
        }
    }

    /** The ring. */
    public Ring ring() {
        return new Ring(ringBits);
    }
}
