package dev.sotto.quickstart;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code sotto bench}: measures one thing in its own JVM. Benches and their peers are in test scope, so they run from a
 * source checkout, on the module's test class path.
 */
@Command(
        name = "bench",
        description = {
            "Measures one thing and prints a table; the last line is one JSON object.",
            "masking: expanding and adding one mask, against raw AES-CTR and a plain add.",
            "secagg: a site's and the server's arithmetic of a round.",
            "aggregation: the job from Kafka, against a hand-written consumer loop.",
            "accounting: epsilon of ten thousand steps, by two accountants.",
            "noise: sampling, with its fit to the exact distribution.",
            "training: what is learned, with and without privacy, and what a private step costs.",
            "scoring: texts a second, against ONNX Runtime on the same texts.",
            "A figure that cannot be measured is null."
        },
        mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {
    /** What can be measured, and where it lives. */
    enum Bench {
        MASKING("model/secagg", "dev.sotto.secagg.MaskingBench"),
        SECAGG("model/secagg", "dev.sotto.secagg.SecaggBench"),
        AGGREGATION("jobs/aggregation", "dev.sotto.aggregation.AggregationBench"),
        ACCOUNTING("model/privacy", "dev.sotto.privacy.accounting.AccountingBench"),
        NOISE("model/privacy", "dev.sotto.privacy.NoiseBench"),
        TRAINING("jobs/quickstart", "dev.sotto.quickstart.bench.TrainingBench"),
        SCORING("model/bert", "dev.sotto.bert.ScoringBench");

        final String module;
        final String main;

        Bench(String module, String main) {
            this.module = module;
            this.main = main;
        }

        static String names() {
            return Arrays.stream(values())
                    .map(bench -> bench.name().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(", "));
        }
    }

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "NAME", description = "What to measure: see above.")
    @SuppressWarnings("NullAway.Init")
    private String name;

    @Option(names = "--data", paramLabel = "DIR", description = "Larger data to measure on.")
    private @Nullable Path data;

    @Option(
            names = "--only",
            paramLabel = "TASK",
            description = "Of training's datasets the one with this task, such as chat; no other figure.")
    private @Nullable String only;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Of training's first parameters, shares and order; 1 unless told.")
    private @Nullable Integer seed;

    @Option(names = "--quick", description = "End within 50 seconds.")
    private boolean quick;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Bench bench = bench();
        Path module = Installation.home().resolve(bench.module);
        Path classPath = module.resolve("target/test.classpath");
        if (!Files.exists(classPath)) {
            throw new ParameterException(
                    spec.commandLine(),
                    classPath + " is missing; run './mvnw package -DskipTests' in a source checkout");
        }
        List<String> command = new ArrayList<>(Installation.java());
        command.add(data == null ? "-Xmx2g" : "-Xmx4g");
        if (bench == Bench.SCORING) {
            // The heap is all there from the start: what the process grows by is native.
            command.addAll(List.of("-Xms2g", "-XX:+AlwaysPreTouch"));
        }
        command.add(bench.main);
        if (quick) {
            command.add("--quick");
        }
        Path directory = data;
        if (directory != null) {
            command.add("--data");
            command.add(directory.toString());
        }
        String task = only;
        if (task != null) {
            command.add("--only");
            command.add(task);
        }
        Integer drawn = seed;
        if (drawn != null) {
            command.add("--seed");
            command.add(drawn.toString());
        }
        ProcessBuilder process = new ProcessBuilder(command).inheritIO();
        // Not an argument: ONNX Runtime overflows its stack where the command line is long.
        process.environment()
                .put(
                        "CLASSPATH",
                        String.join(
                                File.pathSeparator,
                                module.resolve("target/classes").toString(),
                                module.resolve("target/test-classes").toString(),
                                Files.readString(classPath).strip()));
        return process.start().waitFor();
    }

    private Bench bench() {
        try {
            return Bench.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(), "'%s' is no bench; there are %s".formatted(name, Bench.names()), e);
        }
    }
}
