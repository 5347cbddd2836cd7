package dev.sotto.secagg;

/**
 * How many shares give a secret back when every site of a cohort of n shares with all n, itself included. Where each
 * shares with k neighbours alone, k takes the place of n, and {@link GraphParameters} finds how many of them collude.
 *
 * <p>For a round an honest site gives out one share of every other: of the self-mask or of the mask key, never both.
 * A server that tells two stories splits the honest answers between the two kinds, and {@code c} sites that collude with
 * it give both kinds. The two kinds together then gather at most {@code n + c} shares, so {@code 2 t > n + c} makes it
 * impossible to reach {@code t} of both (Bonawitz et al. 2017, section 6.2; Bell et al. 2020, section 4). A greater
 * threshold tolerates more colluders and fewer dropouts.
 */
public final class Thresholds {
    private Thresholds() {}

    /**
     * The least threshold for a complete graph against a lying server without colluding sites: a majority, floor(n / 2) + 1.
     *
     * @throws IllegalArgumentException if {@code n} is below 2
     */
    public static int completeGraph(int n) {
        return completeGraph(n, 0);
    }

    /**
     * The least threshold against a lying server with {@code colluding} sites: floor((n + colluding) / 2) + 1.
     *
     * @throws IllegalArgumentException if {@code n} is below 2 or so many colluders cannot be tolerated
     */
    public static int completeGraph(int n, int colluding) {
        Require.that(n >= 2, "cohort size", n, "2 or more");
        int most = n - 2;
        Require.that(colluding >= 0 && colluding <= most, "colluding sites", colluding, "0 to " + most + " of " + n);
        return least(n, colluding);
    }

    /** The least t with {@code 2 t > holders + colluding}. */
    static int least(int holders, int colluding) {
        return (holders + colluding) / 2 + 1;
    }

    /**
     * How many colluding sites among the holders of a secret a threshold tolerates, 2 t - holders - 1; negative if not even
     * honest holders are safe.
     */
    public static int toleratedColluders(int holders, int threshold) {
        return 2 * threshold - holders - 1;
    }

    /**
     * The fewest honest sites of a complete graph whose sum a server can learn that shows every site other survivors, though
     * no site ever gives both secrets of another. Whoever is outside that sum must have its mask key given away t times;
     * a site calls at most {@code n - s} others dead where s is the greater of {@code minSurvivors} and t; and c colluding
     * sites give everything: so it takes {@code (t - c)(h - a) <= h (n - s)} to leave a of the h = n - c honest sites.
     *
     * @param n announced sites
     * @param threshold shares that give a secret back
     * @param minSurvivors the fewest survivors that a site answers for
     * @param colluding sites that collude with the server, fewer than the threshold
     * @return 1 or more; a server that shows all sites the same survivors learns no sum of fewer than s sites
     * @throws IllegalArgumentException if the colluding sites reach the threshold
     */
    public static int leastForkedSum(int n, int threshold, int minSurvivors, int colluding) {
        Require.that(
                colluding >= 0 && colluding < threshold,
                "colluding sites",
                colluding,
                "0 to " + (threshold - 1) + ", below the threshold");
        long honest = n - (long) colluding;
        long dead = Math.max(0, n - Math.max(minSurvivors, threshold));
        return (int) Math.max(1, honest - honest * dead / (threshold - colluding));
    }
}
