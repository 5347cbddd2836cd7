package dev.sotto.privacy;

import org.apache.commons.numbers.gamma.RegularizedGamma;

/** The G-test and Pearson's chi-square of counts against exact cell probabilities. */
final class GoodnessOfFit {
    private GoodnessOfFit() {}

    /** The p-value of the likelihood-ratio test; every cell has a positive probability and they add up to one. */
    static double gTest(long[] counts, double[] probabilities) {
        double n = total(counts);
        double g = 0;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                g += 2 * counts[i] * Math.log(counts[i] / (n * probabilities[i]));
            }
        }
        return pValue(g, counts.length - 1);
    }

    /** The p-value of the likelihood-ratio test that two sets of counts have the same probabilities; cells empty in both do not count. */
    static double gTest(long[] counts, long[] others) {
        double n = total(counts);
        double m = total(others);
        double g = 0;
        int cells = 0;
        for (int i = 0; i < counts.length; i++) {
            double pooled = (counts[i] + others[i]) / (n + m);
            g += term(counts[i], n * pooled) + term(others[i], m * pooled);
            cells += pooled > 0 ? 1 : 0;
        }
        return pValue(g, cells - 1);
    }

    private static double term(long count, double expected) {
        return count == 0 ? 0 : 2 * count * Math.log(count / expected);
    }

    static double chiSquare(long[] counts, double[] probabilities) {
        double n = total(counts);
        double x = 0;
        for (int i = 0; i < counts.length; i++) {
            double expected = n * probabilities[i];
            x += (counts[i] - expected) * (counts[i] - expected) / expected;
        }
        return pValue(x, counts.length - 1);
    }

    private static double pValue(double statistic, int degrees) {
        return RegularizedGamma.Q.value(degrees / 2.0, Math.max(0, statistic) / 2);
    }

    private static double total(long[] counts) {
        double n = 0;
        for (long count : counts) {
            n += count;
        }
        return n;
    }
}
