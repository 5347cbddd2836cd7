package dev.sotto.privacy.accounting;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;

/**
 * What it takes to price ten thousand steps of DP-SGD (q = 0.01, z = 1.1, delta = 1e-5) by each accountant, and what it
 * comes to. Every figure is the median of several runs on one thread, by the clock on the wall. Options: {@code --quick},
 * and {@code --data DIR}, which is accepted and not used.
 */
public final class AccountingBench {
    private static final double DELTA = 1e-5;
    private static final int STEPS = 10_000;

    private final Map<String, Double> figures = new LinkedHashMap<>();
    private final int samples;

    private AccountingBench(int samples) {
        this.samples = samples;
    }

    /** Runs the bench and prints a table and, as the last line, its figures in JSON. */
    public static void main(String[] args) {
        new AccountingBench(quick(List.of(args)) ? 7 : 31).run();
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

    private void run() {
        Schedule schedule = sampled(1.1, STEPS);
        PldAccountant pld = PldAccountant.create();
        RdpAccountant rdp = RdpAccountant.create();
        System.out.printf(Locale.ROOT, "%d steps, q = 0.01, z = 1.1, delta = %s%n", STEPS, DELTA);
        measure("pld_10000_s", "pld_epsilon", 1, "loss distributions: epsilon", () -> pld.epsilon(schedule, DELTA));
        measure("rdp_10000_ms", "rdp_epsilon", 1e3, "Renyi: epsilon", () -> rdp.epsilon(schedule, DELTA));
        Schedule mixed = schedule.and(new LaplaceMechanism(5), 10).and(new DiscreteGaussianMechanism(8, 1), 20);
        measure("pld_mixed_s", "pld_mixed_epsilon", 1, "three mechanisms: epsilon", () -> pld.epsilon(mixed, DELTA));
        PrivacyTarget target = new PrivacyTarget(8, DELTA);
        measure("rdp_noise_ms", "rdp_noise", 1e3, "Renyi: least noise, epsilon 8", () -> new Calibration(rdp, target)
                .leastNoise(z -> sampled(z, STEPS)));
        System.out.println(figures.entrySet().stream()
                .map(figure -> String.format(Locale.ROOT, "\"%s\": %.6f", figure.getKey(), figure.getValue()))
                .collect(Collectors.joining(", ", "{", "}")));
    }

    private static Schedule sampled(double z, int steps) {
        return Schedule.of(new SubsampledGaussianMechanism(0.01, z), steps);
    }

    private void measure(String timeKey, String valueKey, double unitsPerSecond, String what, DoubleSupplier work) {
        double value = work.getAsDouble();
        double[] times = new double[samples];
        for (int i = 0; i < samples; i++) {
            long start = System.nanoTime();
            if (work.getAsDouble() != value) {
                throw new IllegalStateException(what + " gave another answer than before, " + value);
            }
            times[i] = (System.nanoTime() - start) / 1e9 * unitsPerSecond;
        }
        Arrays.sort(times);
        figures.put(timeKey, times[samples / 2]);
        figures.put(valueKey, value);
        System.out.printf(
                Locale.ROOT,
                "  %-32s %10.4f %-2s (best %.4f of %d)   %.6f%n",
                what,
                times[samples / 2],
                unitsPerSecond == 1 ? "s" : "ms",
                times[0],
                samples,
                value);
    }
}
