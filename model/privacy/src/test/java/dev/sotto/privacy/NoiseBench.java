package dev.sotto.privacy;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Discrete Gaussian samples a second on one thread, from the table and from the exact sampler in turn, and whether the table's follow the
 * distribution: a G-test against the exact probabilities and one against as many draws of the exact sampler in the same run.
 * Figures are in processor time of the thread. Options: {@code --quick}, and {@code --data DIR}, which is accepted and not used.
 */
public final class NoiseBench {
    private static final ThreadMXBean PROCESSOR = ManagementFactory.getThreadMXBean();
    private static final int[] SIGMAS = {2, 16, 1024, 65536};
    private static final int ENTRIES = 1 << 18;
    private static final int EXACT_ENTRIES = 1 << 14;

    private final int[] target = new int[ENTRIES];
    private final int rounds;
    private final int draws;

    private NoiseBench(boolean quick) {
        this.rounds = quick ? 15 : 101;
        this.draws = quick ? 1_000_000 : 10_000_000;
    }

    /** Runs the bench and prints a table and, as the last line, its figures in JSON. */
    public static void main(String[] args) {
        NoiseBench bench = new NoiseBench(quick(List.of(args)));
        System.out.printf(
                Locale.ROOT,
                "%8s %14s %14s %8s %12s %12s %12s%n",
                "sigma",
                "table M/s",
                "exact M/s",
                "ratio",
                "p (pmf)",
                "p (exact)",
                "distance");
        Figures least = new Figures(Double.MAX_VALUE, Double.MAX_VALUE, 1, 1, 0);
        StringBuilder each = new StringBuilder();
        for (int sigma : SIGMAS) {
            Figures figures = bench.measure(sigma);
            least = least.least(figures);
            each.append(String.format(
                    Locale.ROOT,
                    ", \"fast_msamples_per_s_sigma_%d\": %.2f, \"exact_msamples_per_s_sigma_%d\": %.3f",
                    sigma,
                    figures.fast(),
                    sigma,
                    figures.exact()));
        }
        System.out.printf(
                Locale.ROOT,
                "{\"fast_msamples_per_s\": %.2f, \"exact_msamples_per_s\": %.3f, \"gtest_p\": %.4g, "
                        + "\"gtest_p_against_exact\": %.4g, \"distance_per_sample\": %.3g%s}%n",
                least.fast(),
                least.exact(),
                least.againstProbabilities(),
                least.againstExact(),
                least.distance(),
                each);
    }

    private static boolean quick(List<String> args) {
        boolean quick = false;
        for (int i = 0; i < args.size(); i++) {
            switch (args.get(i)) {
                case "--quick" -> quick = true;
                case "--data" -> i++;
                default ->
                    throw new IllegalArgumentException(
                            "option " + args.get(i) + " is unknown; give --quick or --data DIR");
            }
        }
        return quick;
    }

    /** Millions of samples a second and core, p-values, and the table's distance a sample. */
    private record Figures(
            double fast, double exact, double againstProbabilities, double againstExact, double distance) {
        Figures least(Figures other) {
            return new Figures(
                    Math.min(fast, other.fast),
                    Math.min(exact, other.exact),
                    Math.min(againstProbabilities, other.againstProbabilities),
                    Math.min(againstExact, other.againstExact),
                    Math.max(distance, other.distance));
        }
    }

    private Figures measure(int sigma) {
        DiscreteGaussian exact = DiscreteGaussian.ofSigma(sigma);
        DiscreteGaussianTable table = DiscreteGaussianTable.of(exact);
        RandomWords words = TestWords.of("bench " + sigma);
        double[] tableRates = new double[rounds];
        double[] exactRates = new double[rounds];
        double[] ratios = new double[rounds];
        // The first rounds warm the compiler up and do not count.
        for (int i = -rounds / 2; i < rounds; i++) {
            double tableRate;
            double exactRate;
            if (i % 2 == 0) {
                tableRate = tableRate(table, words);
                exactRate = exactRate(exact, words);
            } else {
                exactRate = exactRate(exact, words);
                tableRate = tableRate(table, words);
            }
            if (i >= 0) {
                tableRates[i] = tableRate;
                exactRates[i] = exactRate;
                ratios[i] = tableRate / exactRate;
            }
        }
        Histogram fromTable = histogram(sigma).fill(table, draws, TestWords.of("bench table " + sigma));
        Histogram fromExact = histogram(sigma).fill(exact, draws, TestWords.of("bench exact " + sigma));
        Figures figures = new Figures(
                median(tableRates),
                median(exactRates),
                fromTable.gTest(),
                fromTable.gTest(fromExact),
                table.statisticalDistance());
        System.out.printf(
                Locale.ROOT,
                "%8d %14.1f %14.2f %8.1f %12.4f %12.4f %12.3g%n",
                sigma,
                figures.fast(),
                figures.exact(),
                median(ratios),
                figures.againstProbabilities(),
                figures.againstExact(),
                figures.distance());
        return figures;
    }

    private Histogram histogram(int sigma) {
        return sigma <= 1024
                ? Histogram.perValue(ExactDistribution.gaussian((double) sigma * sigma), draws)
                : Histogram.eighths(sigma);
    }

    private double tableRate(DiscreteGaussianTable table, RandomWords words) {
        long start = PROCESSOR.getCurrentThreadCpuTime();
        table.fill(target, 0, ENTRIES, words);
        return ENTRIES * 1e3 / (PROCESSOR.getCurrentThreadCpuTime() - start);
    }

    private double exactRate(DiscreteGaussian exact, RandomWords words) {
        long start = PROCESSOR.getCurrentThreadCpuTime();
        for (int i = 0; i < EXACT_ENTRIES; i++) {
            target[i] = (int) exact.sample(words);
        }
        return EXACT_ENTRIES * 1e3 / (PROCESSOR.getCurrentThreadCpuTime() - start);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
