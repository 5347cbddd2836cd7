package dev.sotto.aggregation;

import dev.sotto.broker.BrokerProcess;
import dev.sotto.contracts.TopicAdmin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;

/**
 * Reads the uploads of a round with the deployed job, every check on, and in turn with a loop written by hand around a Kafka
 * consumer that does the same to every chunk, and with one that only reads: the same topic, broker and number of threads.
 * The broker runs in a JVM of its own. Options: {@code --quick}, and {@code --data DIR}, where the broker's log goes.
 */
public final class AggregationBench {
    private static final int THREADS = 2;

    /** The share of the loop's bytes a second that the job is to reach. */
    private static final double FRACTION = 0.85;

    /** Time that grows as a power of the size by no more than this is linear, noise included; start-up makes it less than 1. */
    private static final double EXPONENT = 1.15;

    /** What a further site may take of memory, as a share of its upload. */
    private static final double SHARE_OF_UPLOAD = 0.02;

    private final boolean quick;
    private final String bootstrap;
    private final BenchJob job;
    private final Map<String, Object> figures = new LinkedHashMap<>();
    private boolean pass = true;

    private AggregationBench(boolean quick, String bootstrap, BenchJob job) {
        this.quick = quick;
        this.bootstrap = bootstrap;
        this.job = job;
    }

    /** Runs the bench and prints a table and, as the last line, its figures in JSON. */
    public static void main(String[] args) throws Exception {
        boolean quick = false;
        Path parent = Path.of(System.getProperty("java.io.tmpdir"));
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--quick" -> quick = true;
                case "--data" -> parent = Path.of(args[++i]);
                default ->
                    throw new IllegalArgumentException("option " + args[i] + " is unknown; give --quick or --data DIR");
            }
        }
        Path directory = Files.createTempDirectory(Files.createDirectories(parent), "sotto-bench-");
        try (BrokerProcess broker = BrokerProcess.start(directory.resolve("kafka"));
                BenchJob job = new BenchJob(broker.bootstrap(), directory.resolve("checkpoints"), THREADS)) {
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
                new TopicAdmin(admin).createMissing((short) 1);
            }
            new AggregationBench(quick, broker.bootstrap(), job).run();
        } finally {
            delete(directory);
        }
        System.exit(0);
    }

    private void run() throws Exception {
        int sites = quick ? 32 : 64;
        int quarterMillions = quick ? 8 : 16;
        System.out.printf(
                "%d processors, %d threads a side%n", Runtime.getRuntime().availableProcessors(), THREADS);
        System.out.printf("%-36s %10s %10s %10s %10s%n", "uploads", "job s", "job MB/s", "loop MB/s", "read MB/s");
        double whole = compare(round(sites, sites, quarterMillions));
        grow("n", sites, whole, n -> round(n, n, quarterMillions));
        grow("d", quarterMillions, whole, d -> round(sites, sites, d));
        memory(sites, quarterMillions / 2);
        figures.put("pass", pass);
        System.out.println(json());
    }

    private BenchRound round(int announced, int sites, int quarterMillions) throws Exception {
        TestFederation federation = new TestFederation(announced, BenchRound.task(quarterMillions));
        return BenchRound.send(bootstrap, "n%d-%d-d%d".formatted(announced, sites, quarterMillions), federation, sites);
    }

    /**
     * The three in turn, each time the other way round, after runs that are not counted: a job runs for months, and what is
     * measured is not its compilation.
     *
     * @return the job's median seconds
     */
    private double compare(BenchRound round) throws Exception {
        int samples = quick ? 5 : 7;
        int warmUp = 3;
        for (int i = 0; i < (quick ? 2 : 9); i++) {
            // There is more of Flink to compile than of a loop.
            job.run(round);
        }
        Speed[][] runs = new Speed[samples][];
        for (int i = -warmUp; i < samples; i++) {
            Speed[] three = new Speed[3];
            for (int side : i % 2 == 0 ? new int[] {0, 1, 2} : new int[] {2, 1, 0}) {
                three[side] = side == 0 ? job.run(round) : new ConsumerLoop(bootstrap, round, side == 1).run(THREADS);
            }
            if (i >= 0) {
                runs[i] = three;
            }
        }
        double seconds = median(runs, 0, Speed::seconds);
        double[] medians = new double[3];
        for (int side = 0; side < medians.length; side++) {
            medians[side] = median(runs, side, Speed::megabytesPerSecond);
        }
        row(describe(round), seconds, medians);
        figures.put("sites", round.sites());
        figures.put("parameters", round.parameters());
        figures.put("mb_per_s", medians[0]);
        figures.put("consumer_mb_per_s", medians[1]);
        figures.put("read_only_mb_per_s", medians[2]);
        limit("fraction_of_consumer", ratio(runs, 1), FRACTION, ">=");
        figures.put("fraction_of_read_only", ratio(runs, 2));
        figures.put("cpu_s_per_gb", median(runs, 0, Speed::cpuSecondsPerGigabyte));
        figures.put("consumer_cpu_s_per_gb", median(runs, 1, Speed::cpuSecondsPerGigabyte));
        return seconds;
    }

    private static double median(Speed[][] runs, int side, ToDoubleFunction<Speed> figure) {
        return median(Arrays.stream(runs)
                .mapToDouble(run -> figure.applyAsDouble(run[side]))
                .toArray());
    }

    /** The median of the job's speed over a peer's, sample by sample. */
    private static double ratio(Speed[][] runs, int peer) {
        return median(Arrays.stream(runs)
                .mapToDouble(run -> run[0].megabytesPerSecond() / run[peer].megabytesPerSecond())
                .toArray());
    }

    /** Makes a round of a size. */
    private interface Sized {
        BenchRound of(int size) throws Exception;
    }

    /** The job's time for a quarter, a half and all of a size, and the power of the size that it grows with. */
    private void grow(String name, int size, double whole, Sized rounds) throws Exception {
        double[] seconds = {0, 0, whole};
        for (int i = 0; i < 2; i++) {
            BenchRound round = rounds.of(size / (i == 0 ? 4 : 2));
            double[] runs = new double[3];
            for (int run = 0; run < runs.length; run++) {
                runs[run] = job.run(round).seconds();
            }
            seconds[i] = median(runs);
            row(describe(round), seconds[i]);
        }
        figures.put("seconds_quarter_" + name, seconds[0]);
        figures.put("seconds_half_" + name, seconds[1]);
        figures.put("seconds_whole_" + name, seconds[2]);
        limit("growth_exponent_" + name, Math.log(seconds[2] / seconds[0]) / Math.log(4), EXPONENT, "<=");
    }

    /** Checkpoint and live heap with an open window, from which each further site's share is the slope. */
    private void memory(int sites, int quarterMillions) throws Exception {
        int[] counts = {sites / 4, sites / 2, sites};
        double uploadMegabytes = 0;
        BenchJob.Memory[] memory = new BenchJob.Memory[counts.length];
        for (int i = 0; i < counts.length; i++) {
            BenchRound round = round(sites + 1, counts[i], quarterMillions);
            if (i == 0) {
                // Not counted: what earlier jobs leave behind goes away with it.
                job.memory(round);
            }
            memory[i] = job.memory(round);
            uploadMegabytes = round.bytes() / 1e6 / counts[i];
            figures.put("state_mb_n" + counts[i], memory[i].state() / 1e6);
            figures.put("heap_mb_n" + counts[i], memory[i].heap() / 1e6);
            System.out.printf(
                    Locale.ROOT,
                    "%d uploads of %.1f MB added, window open: %.2f MB of state, %.1f MB of heap%n",
                    counts[i],
                    uploadMegabytes,
                    memory[i].state() / 1e6,
                    memory[i].heap() / 1e6);
        }
        int more = counts[2] - counts[0];
        figures.put("upload_mb", uploadMegabytes);
        limit(
                "state_mb_per_site",
                (memory[2].state() - memory[0].state()) / 1e6 / more,
                SHARE_OF_UPLOAD * uploadMegabytes,
                "<=");
        limit(
                "heap_mb_per_site",
                (memory[2].heap() - memory[0].heap()) / 1e6 / more,
                SHARE_OF_UPLOAD * uploadMegabytes,
                "<=");
    }

    private void limit(String key, double figure, double limit, String relation) {
        boolean holds = relation.equals(">=") ? figure >= limit : figure <= limit;
        pass &= holds;
        figures.put(key, figure);
        figures.put(key + "_limit", limit);
        System.out.printf(
                Locale.ROOT, "%s %.3f, to be %s %.3f: %s%n", key, figure, relation, limit, holds ? "yes" : "no");
    }

    private static String describe(BenchRound round) {
        return "%d sites, %d parameters, %.0f MB".formatted(round.sites(), round.parameters(), round.bytes() / 1e6);
    }

    private static void row(String what, double seconds, double... speeds) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-36s %10.2f", what, seconds));
        for (double speed : speeds) {
            line.append(String.format(Locale.ROOT, " %10.0f", speed));
        }
        System.out.println(line);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private String json() {
        return figures.entrySet().stream()
                .map(figure -> "\"%s\": %s".formatted(figure.getKey(), json(figure.getValue())))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String json(Object figure) {
        if (figure instanceof Double number) {
            return Double.isFinite(number) ? String.format(Locale.ROOT, "%.4f", number) : "null";
        }
        return figure.toString();
    }

    private static void delete(Path directory) throws Exception {
        List<Path> files;
        try (Stream<Path> all = Files.walk(directory)) {
            files = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }
}
