package dev.sotto.site;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code site check}: says whether a site could join. Changes nothing and prints no text. */
@Command(
        name = "check",
        description = {
            "Checks configuration, task, trust, identity, data and broker, and prints a summary.",
            "It sends nothing, changes nothing and prints none of the texts."
        })
final class CheckCommand implements Callable<Integer> {
    private static final int SHOWN = 20;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private final ConfigOption config = new ConfigOption();

    @Override
    public Integer call() {
        return SiteCommand.guarded(spec, this::check);
    }

    private ExitCode check() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        SiteSetup setup = SiteSetup.of(config.read());
        SiteDataset data = setup.data();
        out.printf(
                "site      %s, key %s%n",
                setup.config().site(), setup.identity().publicKey().toBase64());
        out.printf(
                "task      %s: %d rounds, %s, %d parameters%n",
                setup.task().task(),
                setup.task().rounds().count(),
                setup.task().base().name(),
                setup.task().layout().size());
        out.printf(
                "trust     %d sites %s%n",
                setup.trust().allowed().size(), setup.trust().allowed());
        out.printf(
                "data      %d rows to train on, %d held out, %d skipped%n",
                data.training().size(),
                data.validation().size(),
                data.badRows().values().stream().mapToInt(List::size).sum());
        data.counts()
                .forEach((column, counts) -> counts.forEach(
                        (label, count) -> out.printf("          %-12s %-12s %d%n", column, label, count)));
        data.badRows().forEach((file, rows) -> {
            rows.stream()
                    .limit(SHOWN)
                    .forEach(row -> out.printf("          skipped of %s %s%n", file.getFileName(), row));
            if (rows.size() > SHOWN) {
                out.printf("          and %d more of %s%n", rows.size() - SHOWN, file.getFileName());
            }
        });
        out.flush();
        Map<String, Integer> topics = BrokerCheck.run(setup.kafka());
        out.printf("broker    %s, topics %s%n", setup.config().bootstrap(), String.join(", ", topics.keySet()));
        boolean paused = new PauseMarker(setup.config().state()).isSet();
        out.println(paused ? "ready to join, but paused: it takes no part until 'resume'" : "ready to join");
        out.flush();
        return ExitCode.OK;
    }
}
