package dev.sotto.federation;

/**
 * How the clip norm follows the length of updates from round to round: C &lt;- C exp(-rate (b - target)), where b is the share of
 * updates that were within C (Andrew, Thakkar, McMahan, Ramaswamy 2021, "Differentially Private Learning with Adaptive
 * Clipping", algorithm 1).
 *
 * <p>Every site says whether its own was, with one number behind its update: half of the room above or below zero. It is
 * masked, noised and charged with the update, as one of its coordinates. A site divides its update by C over the task's
 * {@code encoding.clipNorm} and the server multiplies the mean by the same, so that lattice, ring, sensitivity and noise are those of
 * the task's clip norm in every round: a wrong C costs utility and never privacy.
 *
 * @param target the share of updates to be within the clip, between 0 and 1; 0.5 is the median
 * @param rate the step, above 0 and at most 1
 * @param share the bit's share of the clip norm, 0.05 to 0.7: more makes b exacter and leaves less room for the update,
 *     sqrt(1 - share^2)
 */
public record AdaptiveClip(double target, double rate, double share) {
    /** The most noise that b may have, as a standard deviation: it then moves C by a tenth of the rate in a round. */
    public static final double MOST_NOISE = 0.1;

    /** C stays within this factor of where it began. */
    private static final double REACH = 1024;

    public AdaptiveClip {
        Check.require(target > 0 && target < 1, "encoding.adaptive.target", target, "between 0 and 1");
        Check.require(rate > 0 && rate <= 1, "encoding.adaptive.rate", rate, "above 0 and at most 1");
        Check.require(share >= 0.05 && share <= 0.7, "encoding.adaptive.share", share, "between 0.05 and 0.7");
    }

    /**
     * The clip norm of the round after one.
     *
     * @param first the clip norm of the first round
     * @param clipNorm that of the round
     * @param unclipped b, as released
     */
    double next(double first, double clipNorm, double unclipped) {
        double within = Math.min(1, Math.max(0, unclipped));
        double next = clipNorm * StrictMath.exp(-rate * (within - target));
        return Math.min(first * REACH, Math.max(first / REACH, next));
    }

    /** Whether a round may have that clip norm. */
    boolean admits(double first, double clipNorm) {
        return clipNorm >= first / REACH && clipNorm <= first * REACH;
    }

    /** The bit of a site, for a bound in any unit. */
    double bit(double bound, boolean unclipped) {
        return (unclipped ? 1 : -1) * share * bound;
    }

    /** b, from the sum of the bits of so many sites. */
    double unclipped(double bound, double sum, int sites) {
        double mean = sum / (share * bound * sites);
        return Math.min(1, Math.max(0, (1 + mean) / 2));
    }

    /** The standard deviation of b, from that of a number in the sum. */
    double noise(double bound, double sigma, int sites) {
        return sigma / (2 * share * bound * sites);
    }

    /** The fewest sites with which b is exact enough. */
    int leastSites(double bound, double sigma) {
        return (int) Math.ceil(noise(bound, sigma, 1) / MOST_NOISE);
    }
}
