package dev.sotto.federation;

import java.util.List;

/**
 * The finest scale at which the sum of rotated updates and their noise still fits a ring.
 *
 * <p>After {@link RandomizedHadamard} an entry of the sum behaves as one of variance at most c^2 n^2 / d + n sigma^2, n/4 more from rounding in lattice units; k
 * of its standard deviations are kept within half the ring: s = sqrt(2^(2m) - n k^2) / (2 k sqrt(c^2 n^2 / d + n sigma^2))
 * (Kairouz, Liu, Steinke 2021, "The Distributed Discrete Gaussian Mechanism", section 5). An entry that wraps all the same costs accuracy, not privacy.
 *
 * @param sites n, the most sites in a sum
 * @param clipNorm c, the largest L2 norm of an update
 * @param localSigma sigma, the noise of each site in the unit of the clip norm
 * @param block d, the entries that are rotated together, of the smallest chunk
 * @param dimension the entries of the whole vector, all chunks together
 */
public record ScaleFinder(int sites, double clipNorm, double localSigma, int block, int dimension) {
    /** k: a sum of so many standard deviations still fits. */
    public static final double DEVIATIONS = 4;

    /** Rounding then makes the norm at most half a percent longer. */
    private static final double LEAST_POINTS_PER_ROOT = 5;

    public ScaleFinder {
        Check.require(sites >= 1, "sites", sites, "at least 1");
        Check.require(clipNorm > 0 && Double.isFinite(clipNorm), "clip norm", clipNorm, "above 0 and finite");
        Check.require(
                localSigma > 0 && Double.isFinite(localSigma), "sigma of a site", localSigma, "above 0 and finite");
        Check.require(block >= 1 && block <= dimension, "entries rotated together", block, "1 to " + dimension);
    }

    /**
     * A ring and the scale for it.
     *
     * @param ringBits its width m
     * @param scale lattice points per unit
     */
    public record Fit(int ringBits, double scale) {}

    /**
     * The finest scale for a ring.
     *
     * @param ringBits m, 1 to 32
     * @throws ConfigurationException naming value, bound and remedy if a scale that fits is too coarse: for the noise to be a discrete Gaussian in
     *     the sum, or for rounding to leave the norm nearly as it is
     */
    public double scale(int ringBits) {
        double points = largest(ringBits);
        double coarsest = coarsest();
        if (!(points >= coarsest)) {
            throw new ConfigurationException(
                    "a ring of %d bits holds sums of %d sites (clip norm %s, noise %.4g a site, %d entries) up to scale %.4g but rounding and noise need at least %.4g; widen encoding.ringBits, or lower the number of sites or the noise"
                            .formatted(ringBits, sites, clipNorm, localSigma, dimension, points, coarsest));
        }
        return points;
    }

    /**
     * The narrowest ring that holds a fine enough scale, and the finest scale for it.
     *
     * @throws ConfigurationException if not even the widest ring does
     */
    public Fit narrowest() {
        List<Integer> widths = EncodingSettings.WIDTHS;
        for (int ringBits : widths) {
            if (largest(ringBits) >= coarsest()) {
                return new Fit(ringBits, largest(ringBits));
            }
        }
        int widest = widths.get(widths.size() - 1);
        return new Fit(widest, scale(widest));
    }

    /** The finest scale; 0 if the rounding of all sites alone overflows. */
    private double largest(int ringBits) {
        double room = Math.scalb(1.0, 2 * ringBits) - sites * DEVIATIONS * DEVIATIONS;
        double spread = clipNorm * clipNorm * sites * sites / block + sites * localSigma * localSigma;
        double scale = Math.sqrt(Math.max(0, room)) / (2 * DEVIATIONS * Math.sqrt(spread));
        return Math.min(EncodingSettings.MAX_SCALE, scale);
    }

    /** The coarsest scale that is of use. */
    public double coarsest() {
        return Math.max(
                LEAST_POINTS_PER_ROOT * Math.sqrt(dimension) / clipNorm, NoiseShare.LEAST_LOCAL_SIGMA / localSigma);
    }
}
