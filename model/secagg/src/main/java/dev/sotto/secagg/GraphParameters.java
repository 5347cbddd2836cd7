package dev.sotto.secagg;

import java.util.Optional;

/**
 * How many neighbours each site of a block has and how many shares give a secret back. Up to {@value #MOST_COMPLETE} sites
 * a block is on the complete graph, above on a Harary graph of the least degree that the following bounds admit.
 *
 * <p>Out of n sites, at most {@code floor(colluding * n)} collude with the server and at most {@code floor(dropout * n)}
 * drop out of a round; neither depends on the order in the ring, which a beacon draws afterwards, so that those among
 * the k neighbours of one site are hypergeometric. With s = 40 bits of privacy and c = 20 bits of correctness (Bell et
 * al. 2020, "Secure Single-Server Aggregation with (Poly)Logarithmic Overhead", section 3: theorem 3.10 for
 * an honest-but-curious server; section 4 for one that lies):
 *
 * <ol>
 *   <li><b>Connected.</b> What is left of the graph without colluders and dropouts hangs together, but for a probability
 *       below 2^-(s+1). To part a ring takes two runs of k/2 successive sites, all of them gone: a union bound over
 *       n (n - k - 1) / 2 pairs of runs.
 *   <li><b>Never both secrets.</b> Let a be such that a site has more than a colluding neighbours with a probability of at
 *       most 2^-(s+1) / n, then 2 t &gt; k + a: for a site, its honest neighbours give one share each and its colluding
 *       ones both kinds, which is too few for t of each, whatever stories the server tells.
 *   <li><b>Correct.</b> A site has fewer than t surviving neighbours with a probability of at most 2^-c / n.
 * </ol>
 *
 * <p>The first and second together hold with 2^-s for all n sites at once. Where order or sets are not independent, as when
 * a server gets the beacon redrawn, the bits that gives it come off s; see {@link Beacon}.
 *
 * @param degree neighbours of each site; zero stands for the complete graph
 * @param threshold shares that give a secret back
 */
public record GraphParameters(int degree, int threshold) {
    /** The greatest cohort that is always on the complete graph. */
    public static final int MOST_COMPLETE = 100;

    /** The greatest cohort that parameters are found for. */
    public static final int MOST_SITES = 10_000;

    private static final int PRIVACY_BITS = 40;
    private static final int CORRECTNESS_BITS = 20;

    // 0.29 * 100 is less than 29 in binary, and a site too few would be counted.
    private static final double ROUNDING = 1e-9;

    /**
     * The parameters of a block: of the complete graph for a cohort of up to {@value #MOST_COMPLETE} or one that no sparse
     * graph is safe for, else what {@link #find} gives.
     *
     * @param n cohort size, 2 to 10,000
     * @param colluding fraction of the sites that may collude with the server, 0 to below 1
     * @param dropout fraction of the sites that may drop out of a round, 0 to below 1
     * @throws IllegalArgumentException if a value is out of range, or so many colluders leave no threshold at all
     */
    public static GraphParameters choose(int n, double colluding, double dropout) {
        requireRange(n, colluding, dropout);
        Optional<GraphParameters> sparse = n <= MOST_COMPLETE ? Optional.empty() : search(n, colluding, dropout);
        return sparse.orElseGet(() -> new GraphParameters(0, Thresholds.completeGraph(n, sites(n, colluding))));
    }

    /**
     * The Harary graph of the least even degree that the bounds admit, and the least threshold on it.
     *
     * @param n cohort size, 2 to 10,000
     * @param colluding fraction of the sites that may collude with the server, 0 to below 1
     * @param dropout fraction of the sites that may drop out of a round, 0 to below 1
     * @throws IllegalArgumentException if a value is out of range, or no such graph is safe
     */
    public static GraphParameters find(int n, double colluding, double dropout) {
        requireRange(n, colluding, dropout);
        return search(n, colluding, dropout)
                .orElseThrow(() -> new IllegalArgumentException("no sparse graph of " + n
                        + " sites is safe against a fraction of " + colluding + " colluding and " + dropout
                        + " dropping out; use the complete graph, or allow for fewer of either"));
    }

    private static Optional<GraphParameters> search(int n, double colluding, double dropout) {
        int corrupt = sites(n, colluding);
        int absent = sites(n, dropout);
        Hypergeometric gone = new Hypergeometric(n, Math.min(n, corrupt + absent));
        Hypergeometric colluders = new Hypergeometric(n, corrupt);
        Hypergeometric survivors = new Hypergeometric(n, n - absent);
        double privacy = StrictMath.pow(2, -PRIVACY_BITS - 1);
        double correctness = StrictMath.pow(2, -CORRECTNESS_BITS);
        for (int degree = 2; degree < n - 1; degree += 2) {
            double pairsOfRuns = 0.5 * n * (n - degree - 1);
            if (StrictMath.log(pairsOfRuns) + gone.logAllMarked(degree) >= StrictMath.log(privacy)) {
                continue;
            }
            int threshold = Thresholds.least(degree, colluders.mostButFor(privacy / n, degree));
            if (threshold <= survivors.leastButFor(correctness / n, degree)) {
                return Optional.of(new GraphParameters(degree, threshold));
            }
        }
        return Optional.empty();
    }

    private static int sites(int n, double fraction) {
        return (int) Math.floor(fraction * n + ROUNDING);
    }

    private static void requireRange(int n, double colluding, double dropout) {
        Require.that(n >= 2 && n <= MOST_SITES, "cohort size", n, "2 to " + MOST_SITES);
        Require.that(colluding >= 0 && colluding < 1, "fraction of colluding sites", colluding, "0 to below 1");
        Require.that(dropout >= 0 && dropout < 1, "fraction of dropouts", dropout, "0 to below 1");
    }
}
