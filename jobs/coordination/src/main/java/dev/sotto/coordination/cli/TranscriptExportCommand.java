package dev.sotto.coordination.cli;

import dev.sotto.contracts.Topics;
import dev.sotto.contracts.audit.TranscriptFile;
import dev.sotto.federation.ConfigurationException;
import dev.sotto.secagg.TaskId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code transcript export}: takes a task's records along. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = TranscriptCommand.COULD_NOT_RUN,
        description = {
            "Writes a task's records into a file as they are, so that 'verify --file' can check them without a network.",
            "One line of JSON a record, key and value in base64; compressed if the name ends in .gz."
        })
final class TranscriptExportCommand implements Callable<Integer> {
    @ArgGroup(exclusive = false, multiplicity = "1")
    TranscriptBroker broker = new TranscriptBroker();

    @Option(names = "--task-id", required = true, paramLabel = "ID", description = "The task's id.")
    String task = "";

    @Option(names = "--ledger", description = "Take the task's privacy ledger (fl.ledger) along.")
    boolean ledger;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "The file to write. It must not exist.")
    Path out = Path.of("");

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        TaskId id = TranscriptOptions.task(task);
        if (Files.exists(out)) {
            throw new ConfigurationException(out + " exists; evidence is never overwritten: choose another --out");
        }
        TranscriptOrigin origin = new TranscriptOrigin();
        origin.broker = broker;
        try (TranscriptFile.Output file = TranscriptFile.create(out, id)) {
            TranscriptProgress progress =
                    new TranscriptProgress(spec.commandLine().getErr());
            long[] rounds = new long[1];
            origin.read(id, ledger, progress, entry -> {
                if (entry.concerns(id)) {
                    rounds[0] += entry.topic().equals(Topics.ROUNDS.name()) ? 1 : 0;
                    try {
                        file.write(entry);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            });
            if (rounds[0] == 0) {
                throw new ConfigurationException("%s has no record of task %s".formatted(origin, task));
            }
            long records = file.finish();
            spec.commandLine().getOut().println("%d records of task %s in %s".formatted(records, task, out));
            spec.commandLine().getOut().flush();
        } catch (IOException | UncheckedIOException e) {
            throw new ConfigurationException("cannot write " + out + ": " + e.getMessage(), e);
        }
        return TranscriptCommand.HOLDS;
    }
}
