package dev.sotto.coordination.cli;

import dev.sotto.contracts.TopicSpec;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.audit.TranscriptEntry;
import dev.sotto.contracts.audit.TranscriptFile;
import dev.sotto.federation.ConfigurationException;
import dev.sotto.secagg.TaskId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Where a transcript comes from: a broker or a file. */
public final class TranscriptOrigin {
    @ArgGroup(exclusive = false, multiplicity = "1")
    @Nullable
    TranscriptBroker broker;

    @Option(names = "--file", paramLabel = "FILE", description = "Read from a file that 'transcript export' wrote.")
    @Nullable
    Path file;

    /**
     * Hands over the records of a task's transcript and then, if there are any, of its ledger.
     *
     * @param ledger whether a broker is to be asked for {@code fl.ledger}; a file gives what it has
     * @throws ConfigurationException if they cannot be read
     */
    public void read(TaskId task, boolean ledger, TranscriptProgress progress, Consumer<TranscriptEntry> entries) {
        if (file != null) {
            try {
                TranscriptFile.read(file, task, entry -> {
                    entries.accept(entry);
                    progress.advance();
                });
            } catch (IOException e) {
                throw new ConfigurationException("cannot read " + file + ": " + e.getMessage(), e);
            }
        } else if (broker != null) {
            TranscriptTopic topics = new TranscriptTopic(broker.toProperties());
            // The ledger last: what the transcript says of it is then there already.
            List<TopicSpec> wanted = ledger ? List.of(Topics.ROUNDS, Topics.LEDGER) : List.of(Topics.ROUNDS);
            wanted.forEach(topic -> topics.read(topic, progress, entries));
        }
    }

    @Override
    public String toString() {
        return file != null ? file.toString() : broker == null ? "nowhere" : broker.bootstrap;
    }
}
