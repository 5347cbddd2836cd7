package dev.sotto.secagg;

/**
 * How many of {@code marked} sites among n fall into k drawn without replacement. Probabilities are sums of exact terms,
 * each computed through logarithms of factorials; a relative allowance far above their rounding error is added, so that
 * an answer errs to the safe side alone. Immutable.
 */
final class Hypergeometric {
    private static final double ALLOWANCE = 1 + 1e-9;

    private final double[] logFactorial;
    private final int n;
    private final int marked;

    Hypergeometric(int n, int marked) {
        this.n = n;
        this.marked = marked;
        this.logFactorial = new double[n + 1];
        for (int i = 2; i <= n; i++) {
            logFactorial[i] = logFactorial[i - 1] + StrictMath.log(i);
        }
    }

    /** The least m for which more than m marked sites among k have a probability of at most {@code limit}. */
    int mostButFor(double limit, int k) {
        double tail = 0;
        int m = Math.min(k, marked);
        while (m >= 0) {
            tail += probability(m, k);
            if (tail * ALLOWANCE > limit) {
                break;
            }
            m--;
        }
        return Math.max(m, 0);
    }

    /** The greatest m for which fewer than m marked sites among k have a probability of at most {@code limit}. */
    int leastButFor(double limit, int k) {
        double tail = 0;
        int m = Math.max(0, k - (n - marked));
        while (m <= Math.min(k, marked)) {
            tail += probability(m, k);
            if (tail * ALLOWANCE > limit) {
                break;
            }
            m++;
        }
        return m;
    }

    /** The natural logarithm of an upper bound of the probability that k sites are all marked. */
    double logAllMarked(int k) {
        return k > marked ? Double.NEGATIVE_INFINITY : logProbability(k, k) + StrictMath.log(ALLOWANCE);
    }

    private double probability(int m, int k) {
        return StrictMath.exp(logProbability(m, k));
    }

    private double logProbability(int m, int k) {
        return logChoose(marked, m) + logChoose(n - marked, k - m) - logChoose(n, k);
    }

    private double logChoose(int of, int choose) {
        return logFactorial[of] - logFactorial[choose] - logFactorial[of - choose];
    }
}
