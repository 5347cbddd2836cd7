package dev.sotto.federation;

import dev.sotto.privacy.DiscreteGaussian;
import dev.sotto.privacy.accounting.SubsampledDiscreteGaussianMechanism;

/**
 * The noise of one step of training where a task protects records: on the sum of the batch's clipped gradients, each of which was put
 * on an integer lattice by itself, so that the sum is exact and one record changes it by its own vector.
 *
 * <p>The lattice has 128 sqrt(d) points per clip norm, hence rounding to the nearest point makes a gradient at most
 * 0.4 % longer. The sensitivity charged is 1 % above the clip norm. The other 0.6 % is for what arithmetic in 32 bits
 * can do: the last bits of a gradient depend on the other texts of its batch, as sums are made in another order.
 *
 * @param samplingRate q, the chance of each record
 * @param clipNorm the largest L2 norm of a record's gradient
 * @param dimension d, the entries of a gradient
 * @param noiseMultiplier the least standard deviation over the sensitivity
 */
public record RecordNoise(double samplingRate, double clipNorm, int dimension, double noiseMultiplier) {
    /** Lattice points per clip norm, over the root of the dimension. */
    private static final double FINENESS = 128;

    private static final double SENSITIVITY = 1.01;

    /** Lattice points per unit of a gradient. */
    public double scale() {
        return FINENESS * Math.sqrt(dimension) / clipNorm;
    }

    /** The largest L2 distance in lattice units between sums that differ by one record. */
    public double sensitivity() {
        return SENSITIVITY * FINENESS * Math.sqrt(dimension);
    }

    /** The standard deviation of the noise on every entry of a sum, in lattice units: a whole number, rounded up. */
    public long sigma() {
        return (long) Math.ceil(noiseMultiplier * sensitivity());
    }

    /** What is drawn. */
    public DiscreteGaussian distribution() {
        return DiscreteGaussian.ofSigma(sigma());
    }

    /** What one step costs. */
    public SubsampledDiscreteGaussianMechanism mechanism() {
        return new SubsampledDiscreteGaussianMechanism(samplingRate, sigma() / sensitivity());
    }
}
