package dev.sotto.quickstart;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sotto quickstart}. */
@Command(
        name = "quickstart",
        description = {
            "Runs the whole pipeline here: an embedded Kafka broker, Flink with its web UI, the Stateful Functions runtime",
            "and four sites in processes of their own, which train on different data. One of them is killed in the middle",
            "of a round. Then chat and finance messages are anonymized, scored and alerted on. Ends with exit code 0 when",
            "everything was seen to work; needs no network."
        },
        mixinStandardHelpOptions = true)
final class QuickstartCommand implements Callable<Integer> {
    @Option(
            names = "--work",
            paramLabel = "DIR",
            description = "Where keys, state, models and logs go (default: ${DEFAULT-VALUE}).")
    private Path work = Path.of("quickstart-run");

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Rounds that must end with a model, at least 3 (default: the task file's 4).")
    private int rounds;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Port of Flink's web UI (default: ${DEFAULT-VALUE}; 0 takes a free one).")
    private int port = 8081;

    @Option(
            names = "--site-data",
            paramLabel = "SITE=FILE",
            description =
                    "A larger JSONL file with the fields text and label for bank-north, bank-south, care-centre or hospital-line.")
    private Map<String, Path> siteData = new TreeMap<>();

    @Option(names = "--keep-open", description = "Leave everything running at the end, until the process is stopped.")
    private boolean keepOpen;

    @Override
    public Integer call() throws Exception {
        QuickstartSettings settings = new QuickstartSettings(work.toAbsolutePath(), rounds, port, siteData, keepOpen);
        try (Quickstart quickstart =
                new Quickstart(settings, Clock.systemUTC(), System.out, System.console() != null)) {
            return quickstart.run();
        }
    }
}
