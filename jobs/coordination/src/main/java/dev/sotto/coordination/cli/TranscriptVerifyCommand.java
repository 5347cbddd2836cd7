package dev.sotto.coordination.cli;

import dev.sotto.contracts.Topics;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.audit.AuditReport;
import dev.sotto.contracts.audit.TranscriptAudit;
import dev.sotto.contracts.audit.TranscriptEntry;
import dev.sotto.federation.ConfigurationException;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code transcript verify}: checks a task's whole history. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = TranscriptCommand.COULD_NOT_RUN,
        description = {
            "Checks the whole history of a task against a task file and a trust file, and believes nothing else:",
            "signatures, the hash chain, the order of records, cohorts, beacons, bundles, seals, rounds, survivors,",
            "results and what was spent. Goes on after a finding, but calls nothing verified behind a broken chain."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:verified",
            "1:could not run: something cannot be read, or there is no such task",
            "2:findings"
        })
final class TranscriptVerifyCommand implements Callable<Integer> {
    @Option(names = "--task", required = true, paramLabel = "FILE", description = "The task file that sites hold.")
    Path task = Path.of("");

    @Option(
            names = "--trust",
            required = true,
            paramLabel = "FILE",
            description = "The trust file: the sites on the allow-list and coordination's key.")
    Path trust = Path.of("");

    @ArgGroup(multiplicity = "1")
    TranscriptOrigin origin = new TranscriptOrigin();

    @Option(
            names = "--ledger",
            description =
                    "Hold the privacy ledger (fl.ledger) against the transcript too, from the same broker or file.")
    boolean ledger;

    @Option(
            names = "--seen",
            paramLabel = "SEQUENCE:HASH",
            converter = Position.class,
            description = "A position that somebody holds, for example a site; the transcript must lead to it. "
                    + "The report prints its own head in this form. May be given several times.")
    List<TranscriptPosition> seen = new ArrayList<>();

    @Option(names = "--json", description = "Print the report as JSON.")
    boolean json;

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        TaskDefinition definition = TaskDefinition.read(task);
        Trust trusted = Trust.read(trust);
        if (trusted.server(Trust.COORDINATION).isEmpty()) {
            throw new ConfigurationException(
                    "%s has no key 'servers.%s', by which a transcript is known".formatted(trust, Trust.COORDINATION));
        }
        AuditReport report = audit(definition, trusted);
        if (report.records() == 0 && report.findings().isEmpty()) {
            throw new ConfigurationException("%s has no record of task %s".formatted(origin, definition.task()));
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(TranscriptJson.of(report));
        } else {
            new TranscriptTable(out).print(report);
        }
        out.flush();
        return report.verified() ? TranscriptCommand.HOLDS : TranscriptCommand.FINDINGS;
    }

    private AuditReport audit(TaskDefinition definition, Trust trusted) {
        TranscriptAudit audit = new TranscriptAudit(definition, trusted);
        seen.forEach(audit::demand);
        List<TranscriptEntry> entries = new ArrayList<>();
        origin.read(
                definition.id(),
                ledger,
                new TranscriptProgress(spec.commandLine().getErr()),
                entry -> {
                    if (entry.topic().equals(Topics.ROUNDS.name())) {
                        audit.accept(entry);
                    } else if (entry.topic().equals(Topics.LEDGER.name())) {
                        entries.add(entry);
                    }
                });
        if (ledger && entries.isEmpty()) {
            throw new ConfigurationException("%s has no record of %s; leave --ledger out, or export with it"
                    .formatted(origin, Topics.LEDGER.name()));
        }
        return entries.isEmpty() ? audit.report() : audit.report(entries);
    }

    /** A position as it is typed. */
    static final class Position implements ITypeConverter<TranscriptPosition> {
        @Override
        public TranscriptPosition convert(String text) {
            String[] parts = text.split(":", -1);
            try {
                if (parts.length == 2) {
                    return new TranscriptPosition(
                            Long.parseLong(parts[0]), HexFormat.of().parseHex(parts[1]));
                }
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("'%s' is no position: %s".formatted(text, e.getMessage()));
            }
            throw new TypeConversionException("'%s' is no position; expected SEQUENCE:HASH".formatted(text));
        }
    }
}
