package dev.sotto.quickstart;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sotto.contracts.Topics;
import dev.sotto.coordination.cli.TranscriptOrigin;
import dev.sotto.coordination.cli.TranscriptProgress;
import dev.sotto.federation.ConfigurationException;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sotto report}. */
@Command(
        name = "report",
        description = {
            "Tells what a task's rounds reached, as its transcript says: who took part, what was spent, and how each round's",
            "model did on the rows that its sites hold out. All figures are of the noised sums; of a single site none is",
            "known. Classes are told where the task has encoding.tally. Prints Markdown; the last line is one JSON object."
        },
        mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--task", required = true, paramLabel = "FILE", description = "The task file that sites hold.")
    @SuppressWarnings("NullAway.Init")
    private Path task;

    @Option(names = "--trust", required = true, paramLabel = "FILE", description = "The trust file.")
    @SuppressWarnings("NullAway.Init")
    private Path trust;

    @ArgGroup(multiplicity = "1")
    private TranscriptOrigin origin = new TranscriptOrigin();

    @Mixin
    private final ReportFiles files = new ReportFiles();

    @Override
    public Integer call() throws Exception {
        TaskDefinition definition = TaskDefinition.read(task);
        List<RoundOutcome> rounds = rounds(definition);
        if (rounds.isEmpty()) {
            throw new ConfigurationException(
                    "%s has no round of task %s that ended with a model".formatted(origin, definition.task()));
        }
        RoundsReport made = new RoundsReport(definition, rounds);
        files.write(
                made.markdown(),
                made.tree(),
                SharePlot.overRounds("at the sites, before each round of " + definition.task(), made.curves()));
        PrintWriter out = spec.commandLine().getOut();
        out.print(made.markdown());
        out.println(new ObjectMapper().writeValueAsString(made.tree()));
        out.flush();
        return 0;
    }

    private List<RoundOutcome> rounds(TaskDefinition definition) {
        TranscriptWatch watch = new TranscriptWatch(Trust.read(trust));
        List<RoundOutcome> rounds = new ArrayList<>();
        origin.read(
                definition.id(),
                false,
                new TranscriptProgress(spec.commandLine().getErr()),
                entry -> {
                    byte[] value = entry.value();
                    if (value != null
                            && entry.topic().equals(Topics.ROUNDS.name())
                            && entry.concerns(definition.id())) {
                        watch.accept(value);
                    }
                });
        for (TranscriptWatch.Event event : watch.events()) {
            if (event instanceof TranscriptWatch.Ended ended) {
                rounds.add(ended.outcome());
            } else if (event instanceof TranscriptWatch.Broken broken) {
                throw new ConfigurationException(
                        "the transcript of %s cannot be believed: %s; 'sotto transcript verify' says more"
                                .formatted(definition.task(), broken.reason()));
            }
        }
        return rounds;
    }
}
