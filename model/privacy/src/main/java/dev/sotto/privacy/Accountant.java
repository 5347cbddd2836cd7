package dev.sotto.privacy;

/**
 * The privacy cost of what was released so far, which turns into epsilon at a chosen delta.
 *
 * <p>Natural logarithms throughout. Immutable and thread-safe.
 */
public sealed interface Accountant permits ZCdp, RdpGaussian {
    /**
     * The Renyi divergence bound between neighbouring inputs.
     *
     * @param order alpha, above 1
     */
    double rdp(double order);

    /**
     * The least epsilon this accountant can show, at least 0.
     *
     * @param delta strictly between 0 and 1
     */
    double epsilon(double delta);
}
