package dev.sotto.privacy.accounting;

import java.util.OptionalDouble;

/**
 * One noisy release, described by what an accountant needs to know of it.
 *
 * <p>Neighbours differ by one unit added or removed. Implementations are immutable values; equal parameters make equal
 * mechanisms.
 */
public sealed interface Mechanism
        permits ConcentratedMechanism,
                DiscreteGaussianMechanism,
                DiscreteLaplaceMechanism,
                DistributedDiscreteGaussianMechanism,
                GaussianMechanism,
                LaplaceMechanism,
                SkellamMechanism,
                SubsampledDiscreteGaussianMechanism,
                SubsampledGaussianMechanism {
    /**
     * A bound on the Renyi divergence of either neighbour's output from the other's.
     *
     * @param order alpha, finite and above 1; fractional orders are fine
     * @return at least 0; infinite where no bound is known
     * @throws IllegalArgumentException if the order is not above 1
     */
    double rdp(double order);

    /** The rho of which this is rho-zCDP (divergence at most alpha rho at every order), or empty where none is known. */
    default OptionalDouble rho() {
        return OptionalDouble.empty();
    }
}
