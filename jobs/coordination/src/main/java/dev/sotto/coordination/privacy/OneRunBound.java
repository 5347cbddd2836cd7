package dev.sotto.coordination.privacy;

/**
 * How probable it is that a mechanism which keeps its promise lets an attacker guess so many canaries right, and the largest promise that is
 * thereby refuted.
 *
 * <p>Steinke, Nasr, Jagielski, <i>Privacy Auditing with One (1) Training Run</i> (2023), theorem 5.2: with W ~ Bin(r, e^eps / (1 + e^eps))
 * the probability of v right guesses or more is at most P[W >= v] + 2 m delta max over i of (P[W >= v - i] - P[W >= v]) / i. Immutable.
 *
 * @param canaries m, those that were included or not by a coin each, at least {@code guesses}
 * @param guesses r, those guessed at, at least 1
 * @param correct v, those guessed right, 0 to {@code guesses}
 */
record OneRunBound(int canaries, int guesses, int correct) {
    private static final double MOST_EPSILON = 64;
    private static final int BISECTIONS = 60;

    OneRunBound {
        ReleaseOptions.require(guesses >= 1, "guesses", guesses, "at least 1");
        ReleaseOptions.require(canaries >= guesses, "canaries", canaries, "at least the guesses, " + guesses);
        ReleaseOptions.require(
                correct >= 0 && correct <= guesses, "right guesses", correct, "between 0 and the guesses, " + guesses);
    }

    /**
     * The bound on that probability under (epsilon, delta) differential privacy.
     *
     * @return in [0, 1]
     */
    double pValue(double epsilon, double delta) {
        double[] tails = tails(epsilon);
        double beyond = tails[correct];
        double steepest = 0;
        for (int i = 1; i <= correct; i++) {
            steepest = Math.max(steepest, (tails[correct - i] - beyond) / i);
        }
        return Math.min(1, beyond + 2 * canaries * delta * steepest);
    }

    /**
     * The largest epsilon that is refuted, so that the mechanism's own is larger: with probability at least 1 - significance.
     *
     * @param significance the probability of refuting a promise that is kept, in (0, 1)
     * @return at least 0; 0 if none is refuted
     */
    double epsilon(double delta, double significance) {
        if (pValue(0, delta) > significance) {
            return 0;
        }
        double refuted = 0;
        double kept = MOST_EPSILON;
        for (int i = 0; i < BISECTIONS; i++) {
            double middle = (refuted + kept) / 2;
            if (pValue(middle, delta) <= significance) {
                refuted = middle;
            } else {
                kept = middle;
            }
        }
        return refuted;
    }

    /** P[W >= k] for k from 0 to r. */
    private double[] tails(double epsilon) {
        double logRight = -Math.log1p(Math.exp(-epsilon));
        double logWrong = -epsilon + logRight;
        double[] tails = new double[guesses + 1];
        double logChoose = 0;
        double sum = 0;
        for (int k = guesses; k >= 0; k--) {
            sum += Math.exp(logChoose + k * logRight + (guesses - k) * logWrong);
            tails[k] = Math.min(1, sum);
            logChoose += k == 0 ? 0 : Math.log(k) - Math.log(guesses - k + 1.0);
        }
        return tails;
    }
}
