package dev.sotto.federation;

import dev.sotto.privacy.PrivacyBudget;
import dev.sotto.privacy.Skellam;
import dev.sotto.privacy.accounting.SkellamMechanism;
import java.util.stream.IntStream;

/**
 * Noise that sites add in parts and of which parts are taken off again, so that the sum has the same variance however many drop out.
 *
 * <p>Jiang et al. 2024, "Dordis" (XNoise). Every one of U sites adds components 0 to T. When D of them drop out, components k > D of the survivors are taken off
 * with the help of their seeds; what stays adds up to the variance that is charged, exactly, as the components are
 * Skellam and sums of these are Skellam: (U - D) (sigma^2/U + sum over k in 1..D of sigma^2/((U-k+1)(U-k))) = sigma^2.
 * So that c colluders who tell their noise do not lower it below, all variances are (U - T) / (U - T - c) times that.
 *
 * @param sampled U, the sites of a round
 * @param tolerated T, the most that may drop out, below U
 * @param colluders c, the most that may tell their noise; T + c is below U
 * @param sigma the standard deviation that the sum is charged for, in lattice units
 */
public record NoiseComponents(int sampled, int tolerated, int colluders, long sigma) {
    private static final long MOST_SIGMA = 1L << 17;

    public NoiseComponents {
        Check.require(sampled >= 1 && sampled <= 10_000, "sites of a round", sampled, "1 to 10000");
        Check.require(tolerated >= 0, "tolerated dropouts", tolerated, "0 or more");
        Check.require(colluders >= 0, "colluders", colluders, "0 or more");
        Check.require(
                tolerated + colluders < sampled,
                "dropouts and colluders together",
                tolerated + colluders,
                "below the " + sampled + " sites of a round");
        Check.require(sigma >= 1 && sigma < MOST_SIGMA, "sigma", sigma, "1 to below 2^17: lower encoding.scale");
    }

    /** The components of a share's noise, cut so that what is too much of it can be taken off: together they are as much. */
    static NoiseComponents of(NoiseShare share, long sigma) {
        return new NoiseComponents(share.sites(), share.dropouts(), share.colluders(), sigma);
    }

    /**
     * The zCDP cost of a release at this sigma, by Skellam noise of that variance, at the orders that the epsilons within a budget rest on.
     *
     * @param delta2 the L2 sensitivity of the encoded vector, in lattice units
     * @param dimension its entries
     */
    static double rho(long sigma, double delta2, int dimension, PrivacyBudget budget) {
        return SkellamMechanism.of((double) sigma * sigma, delta2, dimension).rho(budget.leastOrder());
    }

    /** The number of components of a site: T + 1. */
    public int components() {
        return tolerated + 1;
    }

    /** The distribution of a component's entries. */
    public Skellam component(int k) {
        return Skellam.ofVariance(numerator(), denominator(k));
    }

    /** The variance of a component's entries. */
    public double variance(int k) {
        return (double) numerator() / denominator(k);
    }

    private long numerator() {
        return sigma * sigma * (sampled - tolerated);
    }

    private long denominator(int k) {
        Check.require(k >= 0 && k <= tolerated, "component", k, "0 to " + tolerated);
        long honest = sampled - tolerated - colluders;
        return k == 0 ? honest * sampled : honest * (sampled - k + 1) * (sampled - k);
    }

    /**
     * The components that survivors give the seeds of when so many sites dropped out.
     *
     * @throws ConfigurationException if more dropped out than is tolerated: then the sum has too little noise and the round must be aborted
     */
    public IntStream removed(int dropouts) {
        Check.require(
                dropouts >= 0 && dropouts <= tolerated,
                "dropouts",
                dropouts,
                "0 to " + tolerated + "; abort the round, as its sum lacks noise");
        return IntStream.rangeClosed(dropouts + 1, tolerated);
    }

    /** The variance that is left in the sum of those who did not drop out, colluders included. */
    public double remaining(int dropouts) {
        return (double) numerator() / (sampled - tolerated - colluders);
    }
}
