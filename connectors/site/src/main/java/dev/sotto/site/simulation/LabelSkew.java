package dev.sotto.site.simulation;

import dev.sotto.bert.EntitySpan;
import dev.sotto.bert.Example;
import dev.sotto.federation.ConfigurationException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Parts labelled rows among sites so that their labels differ: of each class every site gets a share drawn from a symmetric
 * Dirichlet distribution (Hsu, Qi, Brown 2019, "Measuring the Effects of Non-Identical Data Distribution for Federated Visual
 * Classification"). The smaller alpha, the fewer classes a site has; without it rows are dealt out in turn.
 */
public final class LabelSkew {
    /** No site is left with fewer rows: it could not train. */
    private static final int LEAST_ROWS = 2;

    private static final int TRIES = 200;

    private LabelSkew() {}

    /** Deals rows out in turn. */
    public static List<List<Example>> none(List<Example> rows, int sites) {
        requireEnough(rows, sites);
        List<List<Example>> shares = empty(sites);
        for (int i = 0; i < rows.size(); i++) {
            shares.get(i % sites).add(rows.get(i));
        }
        return shares;
    }

    /**
     * Deals rows out by draws that are repeated until every site can train.
     *
     * @param alpha above 0
     * @throws ConfigurationException if it is not, there are too few rows, or no draw gives every site enough
     */
    public static List<List<Example>> dirichlet(List<Example> rows, int sites, double alpha, SplittableRandom random) {
        if (!(alpha > 0 && alpha <= 1e6)) {
            throw new ConfigurationException("--alpha is %s but must be above 0 and at most 1e6".formatted(alpha));
        }
        requireEnough(rows, sites);
        for (int i = 0; i < TRIES; i++) {
            List<List<Example>> shares = draw(rows, sites, alpha, random);
            if (shares.stream().allMatch(share -> share.size() >= LEAST_ROWS)) {
                return shares;
            }
        }
        throw new ConfigurationException(
                "with --alpha %s some of %d sites had fewer than %d of %d rows in each of %d draws; raise --alpha, give more rows or ask for fewer --sites"
                        .formatted(alpha, sites, LEAST_ROWS, rows.size(), TRIES));
    }

    private static void requireEnough(List<Example> rows, int sites) {
        if (rows.size() < (long) LEAST_ROWS * sites) {
            throw new ConfigurationException("%d rows cannot be parted among %d sites with %d each at least"
                    .formatted(rows.size(), sites, LEAST_ROWS));
        }
    }

    private static List<List<Example>> draw(List<Example> rows, int sites, double alpha, SplittableRandom random) {
        SortedMap<Integer, double[]> upTo = new TreeMap<>();
        rows.stream()
                .map(LabelSkew::kind)
                .sorted()
                .distinct()
                .forEach(kind -> upTo.put(kind, cumulative(sites, alpha, random)));
        List<List<Example>> shares = empty(sites);
        for (Example row : rows) {
            double[] parts = upTo.getOrDefault(kind(row), new double[0]);
            double u = random.nextDouble();
            int site = 0;
            while (site < sites - 1 && u >= parts[site]) {
                site++;
            }
            shares.get(site).add(row);
        }
        return shares;
    }

    /** What rows are alike by: their class for the first head that they are labelled for, else the kind of their first entity. */
    private static int kind(Example row) {
        for (int head = 0; head < row.labels().size(); head++) {
            if (row.label(head) != Example.UNKNOWN) {
                return head << 16 | row.label(head);
            }
        }
        List<EntitySpan> entities = row.entities();
        return entities == null || entities.isEmpty()
                ? -1
                : -2 - entities.get(0).label();
    }

    /** A draw from the Dirichlet distribution, added up: gamma variables over their sum. */
    private static double[] cumulative(int sites, double alpha, SplittableRandom random) {
        double[] upTo = new double[sites];
        double total = 0;
        for (int site = 0; site < sites; site++) {
            total += gamma(alpha, random);
            upTo[site] = total;
        }
        for (int site = 0; site < sites; site++) {
            upTo[site] /= total;
        }
        return upTo;
    }

    /** A gamma variable (Marsaglia, Tsang 2000), below shape 1 from one of a shape larger by 1. */
    private static double gamma(double shape, SplittableRandom random) {
        if (shape < 1) {
            return gamma(shape + 1, random) * Math.pow(1 - random.nextDouble(), 1 / shape);
        }
        double d = shape - 1.0 / 3;
        double c = 1 / Math.sqrt(9 * d);
        while (true) {
            double x = normal(random);
            double v = Math.pow(1 + c * x, 3);
            if (v > 0 && Math.log(1 - random.nextDouble()) < x * x / 2 + d - d * v + d * Math.log(v)) {
                return d * v;
            }
        }
    }

    /** By the polar method. It parts public rows in a simulation; nothing here is noise for privacy. */
    private static double normal(SplittableRandom random) {
        while (true) {
            double x = random.nextDouble(-1, 1);
            double y = random.nextDouble(-1, 1);
            double square = x * x + y * y;
            if (square > 0 && square < 1) {
                return x * Math.sqrt(-2 * Math.log(square) / square);
            }
        }
    }

    private static List<List<Example>> empty(int sites) {
        List<List<Example>> shares = new ArrayList<>();
        for (int site = 0; site < sites; site++) {
            shares.add(new ArrayList<>());
        }
        return shares;
    }
}
