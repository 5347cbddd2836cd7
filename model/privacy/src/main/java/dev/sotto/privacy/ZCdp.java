package dev.sotto.privacy;

/**
 * Zero-concentrated differential privacy: the Renyi divergence at every order alpha above 1 is at most alpha rho.
 *
 * <p>Bun, Steinke (2016). It adds up under composition, adaptive composition included, which makes it the ledger's currency. Natural logarithms throughout. Immutable.
 *
 * @param rho at least 0
 */
public record ZCdp(double rho) {
    public ZCdp {
        Preconditions.notNegative("rho", rho);
    }

    /**
     * The cost of one release under discrete Gaussian noise: Delta2^2 / (2 sigma^2); Canonne, Kamath, Steinke (2020), theorem 4 and its
     * corollary for integer vectors.
     *
     * @param delta2 the L2 sensitivity, in the same units as sigma
     * @param sigma the standard deviation parameter of each coordinate
     */
    public static ZCdp ofDiscreteGaussian(double delta2, double sigma) {
        Preconditions.positive("L2 sensitivity", delta2);
        Preconditions.positive("sigma", sigma);
        double ratio = delta2 / sigma;
        return new ZCdp(ratio * ratio / 2);
    }

    /** The cost of this and then the other. */
    public ZCdp plus(ZCdp other) {
        return new ZCdp(rho + other.rho);
    }

    /** The cost of this, times times over. */
    public ZCdp times(int times) {
        Preconditions.between("times", times, 0, Integer.MAX_VALUE);
        return new ZCdp(rho * times);
    }

    /**
     * The least epsilon over all real orders, at least 0.
     *
     * @param delta strictly between 0 and 1
     */
    public double epsilon(double delta) {
        return epsilon(rho, delta);
    }

    /** The epsilon of rho at delta. */
    public static double epsilon(double rho, double delta) {
        Preconditions.notNegative("rho", rho);
        Preconditions.probability("delta", delta);
        return rho == 0 ? 0 : RdpConversion.epsilonOverAllOrders(order -> order * rho, delta);
    }
}
