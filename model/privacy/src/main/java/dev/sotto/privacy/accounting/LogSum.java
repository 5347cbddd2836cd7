package dev.sotto.privacy.accounting;

/** A sum of positive terms given by their logarithms, kept as one, and the logarithms that go with it. Not thread-safe. */
final class LogSum {
    private double top = Double.NEGATIVE_INFINITY;
    private double scaled;

    /** Adds exp(logTerm). */
    void add(double logTerm) {
        if (logTerm == Double.NEGATIVE_INFINITY) {
            return;
        }
        if (logTerm > top) {
            scaled = scaled * Math.exp(top - logTerm) + 1;
            top = logTerm;
        } else {
            scaled += Math.exp(logTerm - top);
        }
    }

    /** The logarithm of the sum; minus infinity for no terms. */
    double value() {
        return scaled == 0 ? Double.NEGATIVE_INFINITY : top + Math.log(scaled);
    }

    /** ln(exp(x) - 1) for x > 0. */
    static double logExpm1(double x) {
        return x > 40 ? x + Math.log1p(-Math.exp(-x)) : Math.log(Math.expm1(x));
    }

    /** ln(1 + exp(x)). */
    static double log1pExp(double x) {
        return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
    }
}
