package dev.sotto.privacy.accounting;

import org.apache.commons.numbers.gamma.Erfc;
import org.apache.commons.numbers.gamma.Erfcx;

/**
 * ln A(alpha), the logarithm of the moment E[((1-q) + q p1(x)/p0(x))^alpha] over x from p0 = N(0, z^2), with p1 = N(1, z^2):
 * the Renyi divergence of order alpha of the Poisson-subsampled Gaussian times alpha - 1.
 *
 * <p>Mironov, Talwar, Zhang (2019), section 3.3. Removing a unit costs at least what adding one does (theorem 5 there), so
 * one moment bounds both. Integer orders are the binomial sum of equation 5 with the one taken out, which leaves positive
 * terms alone and so stays exact however small q is. Fractional orders are the two series of section 3.3 with their signs.
 *
 * @param q in (0, 1)
 * @param z positive
 */
record SampledMoment(double q, double z) {
    private static final int MAX_TERMS = 1000;
    private static final double CONVERGED = 0x1p-60;
    private static final double ROUNDING = 0x1p-52;
    private static final double ROOT_TWO = Math.sqrt(2);

    /** An upper bound of ln A(order), by less than the rounding of doubles where the series converges. */
    double log(double order) {
        double below = Math.floor(order);
        if (order == below) {
            return logAtInteger((int) below);
        }
        return Math.min(logBetweenIntegers(order), Math.max(0, logOfSeries(order)));
    }

    /**
     * The same from integer orders alone: ln A is convex in the order and 0 at 1, so the chord between neighbouring integers bounds it.
     */
    double logBetweenIntegers(double order) {
        double below = Math.floor(order);
        double left = below == 1 ? 0 : logAtInteger((int) below);
        if (order == below) {
            return left;
        }
        double right = logAtInteger((int) below + 1);
        return left + (order - below) * (right - left);
    }

    private double logAtInteger(int order) {
        double logOdds = Math.log(q) - Math.log1p(-q);
        double logRest = order * Math.log1p(-q);
        double logBinomial = Math.log(order);
        LogSum sum = new LogSum();
        for (int i = 2; i <= order; i++) {
            logBinomial += Math.log((order - i + 1.0) / i);
            double exponent = i * (i - 1.0) / (2 * z * z);
            sum.add(logBinomial + logRest + i * logOdds + LogSum.logExpm1(exponent));
        }
        return LogSum.log1pExp(sum.value());
    }

    /**
     * ln A(order) from its series, every term rounded up, plus a bound on what was cut off: a useless but valid one where 1000
     * terms are not enough.
     *
     * <p>A term is a power of q times a growing Gaussian moment times a shrinking normal tail. Once the tail has set in, its
     * Gaussian factor cancels the moment and the powers exactly and (1-q)^order exp(-split^2/(2 z^2)) erfcx(x)/2 is left, so
     * no term overflows and none loses digits.
     */
    private double logOfSeries(double order) {
        double split = z * z * (Math.log1p(-q) - Math.log(q)) + 0.5;
        // The largest term is about the one of q^order; taking it out keeps large moments from overflow.
        double scale = Math.max(0, order * Math.log(q) + order * (order - 1) / (2 * z * z));
        double logFar = order * Math.log1p(-q) - split * split / (2 * z * z);
        double[] terms = new double[MAX_TERMS];
        double binomial = 1;
        double last = 1;
        int count = 0;
        while (count < MAX_TERMS && (count <= order + 1 || last >= CONVERGED)) {
            double i = count;
            double j = order - i;
            double left = term(binomial, i, j, (i - split) / (ROOT_TWO * z), logFar, scale);
            double right = term(binomial, j, i, (split - j) / (ROOT_TWO * z), logFar, scale);
            terms[count++] = left + right;
            last = Math.abs(left + right);
            binomial *= j / (i + 1);
        }
        if (count <= order + 1) {
            return Double.POSITIVE_INFINITY;
        }
        // Signs alternate and terms shrink once i is past the order, so the rest is at most the last term. It is summed
        // from there, so that small terms are not lost.
        double sum = last;
        for (int i = count - 1; i >= 0; i--) {
            sum += terms[i];
        }
        return scale + Math.log(sum * (1 + 4 * ROUNDING));
    }

    /** binomial q^a (1-q)^b exp((a^2 - a) / (2 z^2)) erfc(x) / 2, over exp(scale), rounded up. */
    private double term(double binomial, double a, double b, double x, double logFar, double scale) {
        double gained = a * (a - 1) / (2 * z * z);
        double ofQ = a * Math.log(q);
        double ofKeep = b * Math.log1p(-q);
        double log = x > 0 ? logFar : ofQ + ofKeep + gained;
        double size = x > 0 ? -logFar : Math.abs(ofQ) + Math.abs(ofKeep) + Math.abs(gained);
        double term = binomial * Math.exp(log - scale) * (x > 0 ? Erfcx.value(x) : Erfc.value(x)) / 2;
        return term + Math.abs(term) * ROUNDING * (4 + size + scale);
    }
}
