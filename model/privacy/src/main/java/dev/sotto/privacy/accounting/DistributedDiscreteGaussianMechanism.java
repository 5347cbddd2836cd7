package dev.sotto.privacy.accounting;

import java.util.OptionalDouble;

/**
 * The distributed discrete Gaussian: every one of n sites adds its own discrete Gaussian noise to an integer vector and only
 * the sum is seen.
 *
 * <p>Kairouz, Liu, Steinke, <i>The Distributed Discrete Gaussian Mechanism for Federated Learning with Secure
 * Aggregation</i> (2021), proposition 14. The sum of discrete Gaussians is not one; tau bounds how far it is from it. Proved
 * for a local sigma of at least 1/2; plan with at least 2, where tau is negligible.
 *
 * @param sites n, how many sites' noise is in the sum, at least 1; count survivors less colluders
 * @param localSigma each site's sigma, in lattice units, at least 1/2
 * @param delta2 the L2 sensitivity of the integer vector, positive
 * @param delta1 the L1 sensitivity of the integer vector, at least delta2
 * @param dimension d, the entries of the vector, at least 1
 */
public record DistributedDiscreteGaussianMechanism(
        int sites, double localSigma, double delta2, double delta1, int dimension) implements Mechanism {
    public DistributedDiscreteGaussianMechanism {
        Checks.atLeastOne("sites", sites, "give how many sites' noise is in the sum");
        Checks.require(
                localSigma >= 0.5 && localSigma < Double.POSITIVE_INFINITY,
                "local sigma",
                localSigma,
                "be finite and at least 0.5",
                "raise the scale of the encoding, or the noise");
        Checks.positive("L2 sensitivity", delta2, "give the largest L2 norm of one unit's contribution");
        Checks.require(
                delta1 >= delta2 && delta1 < Double.POSITIVE_INFINITY,
                "L1 sensitivity",
                delta1,
                "be finite and at least the L2 sensitivity " + delta2,
                "give the largest L1 norm of one unit's contribution");
        Checks.atLeastOne("dimension", dimension, "give the entries of the vector");
    }

    /**
     * The mechanism with the L1 sensitivity that follows from the L2 one: Delta1 = Delta2 min(sqrt d, Delta2), but at least
     * Delta2.
     */
    public static DistributedDiscreteGaussianMechanism of(int sites, double localSigma, double delta2, int dimension) {
        double delta1 = delta2 * Math.max(1, Math.min(Math.sqrt(dimension), delta2));
        return new DistributedDiscreteGaussianMechanism(sites, localSigma, delta2, delta1, dimension);
    }

    /**
     * The most by which the sum's probabilities differ from a discrete Gaussian's, relatively: 10 sum over k in 1..n-1 of
     * exp(-2 pi^2 sigma^2 k/(k+1)).
     */
    public double tau() {
        double rate = 2 * Math.PI * Math.PI * localSigma * localSigma;
        double sum = 0;
        for (int k = sites - 1; k >= 1; k--) {
            sum += Math.exp(-rate * k / (k + 1.0));
        }
        return 10 * sum;
    }

    @Override
    public double rdp(double order) {
        double tau = tau();
        return Math.min(Checks.order(order) * gaussianCost() + tau * dimension, order * concentrated(tau));
    }

    @Override
    public OptionalDouble rho() {
        return OptionalDouble.of(concentrated(tau()));
    }

    /** What a discrete Gaussian of the summed variance would cost. */
    private double gaussianCost() {
        return shift() * shift() / 2;
    }

    /** The sensitivity over the standard deviation of the sum. */
    private double shift() {
        return delta2 / (Math.sqrt(sites) * localSigma);
    }

    private double concentrated(double tau) {
        double byL1 = shift() * shift() + 2 * tau * delta1 / (Math.sqrt(sites) * localSigma) + tau * tau * dimension;
        double byL2 = shift() + tau * Math.sqrt(dimension);
        return Math.min(byL1, byL2 * byL2) / 2;
    }
}
