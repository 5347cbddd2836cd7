package dev.sotto.federation;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sotto.privacy.Sensitivity;
import dev.sotto.secagg.Ring;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a site turns its update into integers of the ring.
 *
 * @param ringBits entries are integers mod 2^ringBits, packed: 16, 20, 24 or 32
 * @param chunkEntries ring entries a chunk, metrics included: a multiple of four, 8 to 131072 (512 KiB)
 * @param clipNorm the largest L2 norm of an update; with {@code adaptive} that of the first round
 * @param scale lattice points per unit
 * @param metricsShare the norm of a site's encoded metrics over the bound of its update, 0.01 to 1: more makes the noise on
 *     counts and loss smaller and the noise on everything larger
 * @param adaptive how the clip norm follows the updates; null where it stays. Not in a task's canonical form unless it is set.
 * @param tally how sites tell the judgements of the model by class; null where they do not. Not in a task's canonical form
 *     unless it is set.
 */
public record EncodingSettings(
        int ringBits,
        int chunkEntries,
        double clipNorm,
        double scale,
        double metricsShare,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable AdaptiveClip adaptive,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable TallySettings tally) {
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

    /**
     * The clip norm of the round after one.
     *
     * @param unclipped the share of updates within the clip that the round released, 0 to 1; null where the clip norm stays
     * @throws IllegalArgumentException if it is there and the clip norm stays, or the other way round
     */
    public double clipAfter(double roundClipNorm, @Nullable Double unclipped) {
        if ((adaptive == null) != (unclipped == null)) {
            throw new IllegalArgumentException(
                    "a share of unclipped updates belongs to an adaptive clip, and to no other");
        }
        return adaptive == null || unclipped == null ? clipNorm : adaptive.next(clipNorm, roundClipNorm, unclipped);
    }

    /** Whether a round may have that clip norm. */
    public boolean admitsClip(double roundClipNorm) {
        return adaptive == null ? roundClipNorm == clipNorm : adaptive.admits(clipNorm, roundClipNorm);
    }

    /** By how much updates of a round are larger than they are encoded. */
    public double enlargement(double roundClipNorm) {
        return roundClipNorm / clipNorm;
    }

    /** What an update's norm is cut to before it is scaled: what the bit of an adaptive clip and a tally leave of the clip norm. */
    public double room() {
        double bit = adaptive == null ? 0 : adaptive.share();
        double judgements = tally == null ? 0 : tally.share();
        return clipNorm * Math.sqrt(1 - bit * bit - judgements * judgements);
    }

    /** The ring. */
    public Ring ring() {
        return new Ring(ringBits);
    }
}
