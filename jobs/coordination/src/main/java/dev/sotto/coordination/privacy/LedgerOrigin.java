package dev.sotto.coordination.privacy;

import dev.sotto.contracts.Topics;
import dev.sotto.contracts.audit.TranscriptEntry;
import dev.sotto.contracts.audit.TranscriptFile;
import dev.sotto.federation.ConfigurationException;
import dev.sotto.secagg.TaskId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Where a ledger comes from: a broker or a file. */
final class LedgerOrigin {
    @ArgGroup(exclusive = false, multiplicity = "1")
    @Nullable
    LedgerBroker broker;

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "Read from a file that 'transcript export --ledger' wrote.")
    @Nullable
    Path file;

    /**
     * Hands over the task's records of {@code fl.ledger}, in order.
     *
     * @throws ConfigurationException if they cannot be read
     */
    void read(TaskId task, Consumer<TranscriptEntry> entries) {
        Consumer<TranscriptEntry> ofTask = entry -> {
            if (entry.topic().equals(Topics.LEDGER.name()) && entry.concerns(task)) {
                entries.accept(entry);
            }
        };
        if (file != null) {
            try {
                TranscriptFile.read(file, task, ofTask);
            } catch (IOException e) {
                throw new ConfigurationException("cannot read " + file + ": " + e.getMessage(), e);
            }
        } else if (broker != null) {
            broker.read(ofTask);
        }
    }

    @Override
    public String toString() {
        return file != null ? file.toString() : broker == null ? "nowhere" : broker.bootstrap;
    }
}
