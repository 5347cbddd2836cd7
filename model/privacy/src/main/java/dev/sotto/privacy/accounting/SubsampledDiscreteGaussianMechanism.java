package dev.sotto.privacy.accounting;

import java.util.stream.IntStream;

/**
 * The discrete Gaussian mechanism on a Poisson sample: every unit takes part by its own coin of probability q and adds an
 * integer vector of bounded norm, as in DP-SGD on a lattice.
 *
 * <p>At an integer order the moment of the sampled Gaussian (Mironov, Talwar, Zhang 2019, section 3.3) is a sum over
 * E[(p(x - y)/p(x))^i] = exp((i^2 - i) |y|^2 / (2 sigma^2)). The discrete Gaussian has exactly the same: the lattice sum left
 * over is shifted by the integer vector i y, and so unchanged (Canonne, Kamath, Steinke 2020, theorem 4). The reverse divergence is no larger,
 * as there: x to y - x swaps the two and keeps the lattice. Between integers nothing cancels; there (alpha - 1) times the divergence
 * is convex in alpha, so the chord between the neighbouring integers is charged. A
 * continuous privacy loss distribution is no bound for it.
 *
 * @param samplingRate q, in (0, 1]
 * @param noiseMultiplier z, sigma over the largest L2 norm of a unit's integer vector, positive
 */
public record SubsampledDiscreteGaussianMechanism(double samplingRate, double noiseMultiplier) implements Mechanism {
    /** The largest order whose use {@link #suitableLargestOrder} considers. */
    private static final int MOST_ORDERS = 256;

    private static final double ENOUGH = 0.98;

    public SubsampledDiscreteGaussianMechanism {
        Checks.samplingRate(samplingRate);
        Checks.noiseMultiplier(noiseMultiplier);
    }

    @Override
    public double rdp(double order) {
        Checks.order(order);
        double perOrder = 1 / (2 * noiseMultiplier * noiseMultiplier);
        return samplingRate == 1
                ? order * perOrder
                : new SampledMoment(samplingRate, noiseMultiplier).logBetweenIntegers(order) / (order - 1);
    }

    /**
     * The least rho with divergence at most alpha rho at every integer order alpha from 2 to the largest: truncated
     * concentrated DP (Bun, Dwork, Rothblum, Steinke 2018, definition 1), at integer orders.
     *
     * @param largestOrder 2 or more
     */
    public double rho(int largestOrder) {
        return IntStream.rangeClosed(2, largestOrder)
                .mapToDouble(order -> rdp(order) / order)
                .max()
                .orElseThrow(
                        () -> new IllegalArgumentException("largest order must be at least 2, got " + largestOrder));
    }

    /**
     * The largest order that a budget's charges should hold at. A higher one makes a step dearer, as sampling helps less there, but lets epsilon be
     * stated more closely while little is spent: it is the highest under which the budget bears at least 98 % of the steps that it bears at best.
     *
     * @return 2 to 256
     */
    public int suitableLargestOrder(PrivacyTarget budget) {
        double[] steps = new double[MOST_ORDERS + 1];
        double dearest = 0;
        double mostRho = 0;
        double most = 0;
        for (int order = 2; order <= MOST_ORDERS; order++) {
            double conversion = Math.log1p(-1.0 / order) - Math.log(budget.delta() * order) / (order - 1);
            dearest = Math.max(dearest, rdp(order) / order);
            mostRho = Math.max(mostRho, (budget.epsilon() - conversion) / order);
            steps[order] = mostRho / dearest;
            most = Math.max(most, steps[order]);
        }
        int largest = MOST_ORDERS;
        while (largest > 2 && steps[largest] < ENOUGH * most) {
            largest--;
        }
        return largest;
    }
}
