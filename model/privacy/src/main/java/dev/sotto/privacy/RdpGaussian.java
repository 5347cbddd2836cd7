package dev.sotto.privacy;

/**
 * The Renyi accountant of the Gaussian mechanism without subsampling: alpha / (2 z^2) a step at order alpha.
 *
 * <p>Mironov, <i>Renyi Differential Privacy</i> (2017), proposition 7.
 *
 * @param noiseMultiplier z, the standard deviation in units of the L2 sensitivity, positive
 * @param steps how many releases, at least 0
 */
public record RdpGaussian(double noiseMultiplier, int steps) implements Accountant {
    public RdpGaussian {
        Preconditions.positive("noise multiplier", noiseMultiplier);
        Preconditions.between("steps", steps, 0, Integer.MAX_VALUE);
    }

    @Override
    public double rdp(double order) {
        return steps * order / (2 * noiseMultiplier * noiseMultiplier);
    }

    /** {@inheritDoc} Minimised over a fixed list of orders. */
    @Override
    public double epsilon(double delta) {
        Preconditions.probability("delta", delta);
        return steps == 0 ? 0 : RdpConversion.epsilon(this::rdp, delta);
    }
}
