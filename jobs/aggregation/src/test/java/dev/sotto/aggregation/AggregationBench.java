package dev.sotto.aggregation;

import dev.sotto.broker.BrokerProcess;
import dev.sotto.contracts.TopicAdmin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;

/**
 * Reads the uploads of a round with the deployed job, every check on, and in turn with a loop written by hand around a Kafka
 * consumer that does the same to every chunk, and with one that only reads: the same topic, broker and number of threads.
 * The broker runs in a JVM of its own. Options: {@code --quick}, and {@code --data DIR}, where the broker's log goes.
 */
public final class AggregationBench {
    private static final int THREADS = 2;

    private final boolean quick;
    private final String bootstrap;
    private final BenchJob job;
    private final Map<String, Double> figures = new TreeMap<>();

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
        System.out.printf(Locale.ROOT, "%-34s %10s %10s %10s%n", "uploads", "job MB/s", "loop MB/s", "read MB/s");
        BenchRound main = round(sites, sites, quarterMillions);
        compare(main, quick ? 5 : 9);
        for (int n : new int[] {sites / 4, sites / 2}) {
            grow("n" + n, round(n, n, quarterMillions));
        }
        for (int d : new int[] {quarterMillions / 4, quarterMillions / 2}) {
            grow("d" + d / 4.0 + "m", round(sites, sites, d));
        }
        state(sites, quarterMillions);
        System.out.println(json());
    }

    private BenchRound round(int announced, int sites, int quarterMillions) throws Exception {
        TestFederation federation = new TestFederation(announced, BenchRound.task(quarterMillions));
        return BenchRound.send(bootstrap, "n%d-%d-d%d".formatted(announced, sites, quarterMillions), federation, sites);
    }

    /** The three in turn, after one run of each that is not counted; each time the other way round. */
    private void compare(BenchRound round, int samples) throws Exception {
        Speed[][] runs = new Speed[samples][];
        for (int i = -1; i < samples; i++) {
            Speed[] three = new Speed[3];
            for (int side : i % 2 == 0 ? new int[] {0, 1, 2} : new int[] {2, 1, 0}) {
                three[side] = side == 0 ? job.run(round) : new ConsumerLoop(bootstrap, round, side == 1).run(THREADS);
            }
            if (i >= 0) {
                runs[i] = three;
            }
        }
        double[] medians = new double[3];
        for (int side = 0; side < medians.length; side++) {
            medians[side] = median(runs, side, Speed::megabytesPerSecond);
        }
        row(describe(round), medians);
        figures.put("mb_per_s", medians[0]);
        figures.put("consumer_mb_per_s", medians[1]);
        figures.put("read_only_mb_per_s", medians[2]);
        figures.put("fraction_of_consumer", ratio(runs, 1));
        figures.put("fraction_of_read_only", ratio(runs, 2));
        figures.put("cpu_s_per_gb", median(runs, 0, Speed::cpuSecondsPerGigabyte));
        figures.put("consumer_cpu_s_per_gb", median(runs, 1, Speed::cpuSecondsPerGigabyte));
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

    private void grow(String name, BenchRound round) throws Exception {
        double[] ours = new double[quick ? 1 : 3];
        for (int i = 0; i < ours.length; i++) {
            ours[i] = job.run(round).megabytesPerSecond();
        }
        row(describe(round), new double[] {median(ours), Double.NaN, Double.NaN});
        figures.put("mb_per_s_" + name, median(ours));
    }

    /** State with an open window, from which each further site's share is the slope between few and many sites. */
    private void state(int sites, int quarterMillions) throws Exception {
        int few = sites / 4;
        int many = sites / 2;
        long fewBytes = job.stateBytes(round(sites, few, quarterMillions));
        long manyBytes = job.stateBytes(round(sites, many, quarterMillions));
        System.out.printf(
                Locale.ROOT,
                "state with %d and %d sites' uploads added: %.2f and %.2f MB%n",
                few,
                many,
                fewBytes / 1e6,
                manyBytes / 1e6);
        figures.put("state_mb", manyBytes / 1e6);
        figures.put("state_mb_per_site", (manyBytes - fewBytes) / 1e6 / (many - few));
    }

    private static String describe(BenchRound round) {
        return "%d sites, %d parameters, %.0f MB"
                .formatted(round.sites(), round.federation().task().layout().size(), round.bytes() / 1e6);
    }

    private static void row(String what, double[] speeds) {
        StringBuilder line = new StringBuilder("%-34s".formatted(what));
        for (double speed : speeds) {
            line.append(Double.isNaN(speed) ? "           " : String.format(Locale.ROOT, " %10.0f", speed));
        }
        System.out.println(line);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private String json() {
        StringBuilder json = new StringBuilder("{");
        figures.forEach((key, value) -> json.append(json.length() > 1 ? ", " : "")
                .append(String.format(Locale.ROOT, "\"%s\": %.4f", key, value)));
        return json.append("}").toString();
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
