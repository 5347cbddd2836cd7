package dev.sotto.privacy.accounting;

/**
 * The Gaussian mechanism on a Poisson sample: every unit takes part by its own coin of probability q, as in DP-SGD.
 *
 * <p>Its divergence is {@link SampledMoment}; Mironov, Talwar, Zhang, <i>Renyi Differential Privacy of the Sampled Gaussian
 * Mechanism</i> (2019). Not valid for shuffled or fixed-size batches.
 *
 * @param samplingRate q, in (0, 1]; 1 is the {@link GaussianMechanism}
 * @param noiseMultiplier z, the standard deviation of each coordinate over the L2 sensitivity, positive
 */
public record SubsampledGaussianMechanism(double samplingRate, double noiseMultiplier) implements Mechanism {
    public SubsampledGaussianMechanism {
        Checks.samplingRate(samplingRate);
        Checks.noiseMultiplier(noiseMultiplier);
    }

    @Override
    public double rdp(double order) {
        Checks.order(order);
        if (samplingRate == 1) {
            return new GaussianMechanism(noiseMultiplier).rdp(order);
        }
        return new SampledMoment(samplingRate, noiseMultiplier).log(order) / (order - 1);
    }
}
