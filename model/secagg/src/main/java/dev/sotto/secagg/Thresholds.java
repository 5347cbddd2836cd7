package dev.sotto.secagg;

/**
 * How many shares give a secret back when every site of a cohort of n shares with all n, itself included.
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
        return (n + colluding) / 2 + 1;
    }

    /** How many colluding sites a threshold tolerates, 2 t - n - 1; negative if not even an honest cohort is safe. */
    public static int toleratedColluders(int n, int threshold) {
        return 2 * threshold - n - 1;
    }
}
