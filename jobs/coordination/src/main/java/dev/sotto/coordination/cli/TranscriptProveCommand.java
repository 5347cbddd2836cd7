package dev.sotto.coordination.cli;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.audit.InclusionSearch;
import dev.sotto.federation.ConfigurationException;
import dev.sotto.federation.Trust;
import dev.sotto.secagg.TaskId;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code transcript prove}: the proof that a site's bundle is in a block's seal. */
@Command(
        name = "prove",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = TranscriptCommand.COULD_NOT_RUN,
        description = {
            "Prints the proof that a site's bundle is in the seal of a block, with both signed records, as JSON.",
            "'verify-proof' checks it without the transcript."
        })
final class TranscriptProveCommand implements Callable<Integer> {
    @ArgGroup(multiplicity = "1")
    TranscriptOrigin origin = new TranscriptOrigin();

    @Option(names = "--task-id", required = true, paramLabel = "ID", description = "The task's id.")
    String task = "";

    @Option(names = "--trust", required = true, paramLabel = "FILE", description = "The trust file.")
    Path trust = Path.of("");

    @Option(names = "--block", required = true, paramLabel = "N", description = "The block.")
    int block;

    @Option(names = "--site", required = true, paramLabel = "SITE", description = "The site.")
    String site = "";

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        TaskId id = TranscriptOptions.task(task);
        InclusionSearch search = new InclusionSearch(Trust.read(trust), id, block, TranscriptOptions.site(site));
        origin.read(id, false, new TranscriptProgress(spec.commandLine().getErr()), entry -> {
            if (entry.topic().equals(Topics.ROUNDS.name())) {
                search.accept(entry);
            }
        });
        try {
            spec.commandLine().getOut().println(TranscriptProof.write(search.found()));
            spec.commandLine().getOut().flush();
            return TranscriptCommand.HOLDS;
        } catch (RejectedRecordException e) {
            throw new ConfigurationException("there is no proof: " + e.getMessage(), e);
        }
    }
}
