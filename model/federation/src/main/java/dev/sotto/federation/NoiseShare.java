package dev.sotto.federation;

import dev.sotto.privacy.DiscreteGaussian;
import dev.sotto.privacy.accounting.DistributedDiscreteGaussianMechanism;
import dev.sotto.secagg.GraphParameters;

/**
 * The part of the noise of a sum that each of its sites adds, such that any survivors that a round may end with, colluders not counted, carry
 * the whole of it: sigma_l^2 = sigma^2 / (n - t - c).
 *
 * <p>Kairouz, Liu, Steinke 2021, "The Distributed Discrete Gaussian Mechanism". A round that fewer than n - t survive has too little noise and must be aborted
 * ({@link #leastSurvivors()}); one that more survive has more than it is charged for.
 *
 * @param sites n, the sites announced for the sum, at least 1
 * @param dropouts t, how many of them may be missing, 0 or more
 * @param colluders c, how many may tell the server their noise, 0 or more; n - t - c is at least 1
 * @param sigma the standard deviation that the sum is charged for, in lattice units
 */
public record NoiseShare(int sites, int dropouts, int colluders, double sigma) {
    /** Below it the sum of discrete Gaussians is no longer practically one. */
    public static final double LEAST_LOCAL_SIGMA = 2;

    public NoiseShare {
        Check.require(sites >= 1, "sites announced for a sum", sites, "at least 1");
        Check.require(dropouts >= 0, "dropouts", dropouts, "0 or more");
        Check.require(colluders >= 0, "colluders", colluders, "0 or more");
        Check.require(
                dropouts + colluders < sites,
                "dropouts and colluders together",
                dropouts + colluders,
                "below the " + sites
                        + " sites of a sum: raise rounds.minCohort, or lower protocol.dropout or protocol.colluding");
        double local = sigma / Math.sqrt(sites - dropouts - colluders);
        Check.require(
                local >= LEAST_LOCAL_SIGMA,
                "a site's noise among " + sites + " sites, in lattice points,",
                local,
                "at least " + LEAST_LOCAL_SIGMA + ": raise encoding.scale or privacy.noiseMultiplier");
    }

    /**
     * The share in a sum of so many announced sites.
     *
     * @param protocol says which shares of them may be missing, rounded down, and may collude, rounded up
     */
    static NoiseShare of(int sites, ProtocolSettings protocol, double sigma) {
        // A product that ought to be whole can be off by a little in binary.
        int dropouts = (int) Math.floor(protocol.dropout() * sites + 1e-9);
        int colluders = (int) Math.ceil(protocol.colluding() * sites - 1e-9);
        return new NoiseShare(sites, dropouts, colluders, sigma);
    }

    /** The fewest sites whose noise the sum surely has: n - t - c. */
    public int honest() {
        return sites - dropouts - colluders;
    }

    /** The fewest survivors a round may be released with: n - t. */
    public int leastSurvivors() {
        return sites - dropouts;
    }

    /** Each site's standard deviation sigma_l, in lattice units. */
    public double localSigma() {
        return sigma / Math.sqrt(honest());
    }

    /** What a site samples from: sigma_l, rounded up as {@link DiscreteGaussian#ofSigma} says. */
    public DiscreteGaussian distribution() {
        return DiscreteGaussian.ofSigma(localSigma());
    }

    /** The standard deviation of the noise in the sum of so many survivors, colluders' included. */
    public double sumSigma(int survivors) {
        return localSigma() * Math.sqrt(survivors);
    }

    /**
     * What a release costs an observer whom the colluders help: that of the sum of n - t - c discrete Gaussians.
     *
     * @param delta2 the L2 sensitivity of the encoded vector, in lattice units
     * @param dimension its entries
     */
    public DistributedDiscreteGaussianMechanism mechanism(double delta2, int dimension) {
        return DistributedDiscreteGaussianMechanism.of(honest(), localSigma(), delta2, dimension);
    }

    /**
     * The zCDP cost of a release at this sigma whatever the number of sites: that of the largest number, up to
     * {@link GraphParameters#MOST_SITES}, that leaves each {@link #LEAST_LOCAL_SIGMA}, for whom the sum is least like a discrete Gaussian.
     *
     * @throws ConfigurationException if sigma is too small for even one site
     */
    public static double rho(double sigma, double delta2, int dimension) {
        double ratio = sigma / LEAST_LOCAL_SIGMA;
        int sites = (int) Math.max(1, Math.min(GraphParameters.MOST_SITES, Math.floor(ratio * ratio)));
        return new NoiseShare(sites, 0, 0, sigma)
                .mechanism(delta2, dimension)
                .rho()
                .orElseThrow(() -> new IllegalStateException("the distributed discrete Gaussian has a rho"));
    }
}
