package dev.sotto.privacy;

/**
 * The L2 norm, in lattice units, that one encoded update may have after conditional stochastic rounding.
 *
 * <p>Kairouz, Liu, Steinke, <i>The Distributed Discrete Gaussian Mechanism</i> (2021), section 4: rounding a vector of norm c' = scale * clip in
 * d dimensions is repeated until the norm is at most Delta2, where Delta2^2 is the smaller of (c' + sqrt d)^2, which always holds, and
 * c'^2 + d/4 + sqrt(2 ln(1/beta)) (c' + sqrt(d)/2), which a try meets with probability at least 1 - beta. Here beta = exp(-1/2).
 */
public final class Sensitivity {
    /** The bound on the chance that one rounding try exceeds the norm: exp(-1/2). */
    public static final double BETA = Math.exp(-0.5);

    private Sensitivity() {}

    /**
     * Delta2.
     *
     * @param scaledClip c', the clip norm times the scale, positive
     * @param dimension the number of entries d, at least 1
     */
    public static double delta2(double scaledClip, int dimension) {
        Preconditions.positive("scaled clip norm", scaledClip);
        Preconditions.between("dimension", dimension, 1, Integer.MAX_VALUE);
        double root = Math.sqrt(dimension);
        double always = scaledClip + root;
        // sqrt(2 ln(1/beta)) is exactly 1 at beta = exp(-1/2).
        double likely = Math.sqrt(scaledClip * scaledClip + dimension / 4.0 + (scaledClip + root / 2));
        return Math.min(always, likely);
    }

    /**
     * Delta1, the L1 norm that an integer vector of that L2 norm may have: Delta2 min(sqrt d, Delta2), the former for any vector, the latter
     * because the magnitude of an integer is at most its square; and at least Delta2.
     *
     * @param delta2 the bound on the L2 norm, positive
     * @param dimension the number of entries d, at least 1
     */
    public static double delta1(double delta2, int dimension) {
        Preconditions.positive("L2 sensitivity", delta2);
        Preconditions.between("dimension", dimension, 1, Integer.MAX_VALUE);
        return delta2 * Math.max(1, Math.min(Math.sqrt(dimension), delta2));
    }
}
