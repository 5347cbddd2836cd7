package dev.sotto.coordination.privacy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.federation.ConfigurationException;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import dev.sotto.privacy.LedgerChain;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code privacy ledger}: what a task has spent. */
@Command(
        name = "ledger",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = PrivacyCommand.COULD_NOT_RUN,
        description = {
            "Shows what a task has spent: verifies the signatures and the hash chain of fl.ledger and prints its entries.",
            "Entries missing at the end show only against the transcript: see 'transcript verify --ledger'."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the ledger holds", "1:could not run", "2:it is broken; the place is named"})
final class PrivacyLedgerCommand implements Callable<Integer> {
    private static final String ROW = "  %-5s %-24s %-8s %-12s %-12s %-12s %s%n";

    @Option(names = "--task", required = true, paramLabel = "FILE", description = "The task file.")
    Path task = Path.of("");

    @Option(
            names = "--trust",
            required = true,
            paramLabel = "FILE",
            description = "The trust file, with coordination's key.")
    Path trust = Path.of("");

    @ArgGroup(multiplicity = "1")
    LedgerOrigin origin = new LedgerOrigin();

    @Option(names = "--json", description = "Print one JSON object.")
    boolean json;

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        LedgerReplay replay;
        TaskDefinition definition;
        try {
            definition = TaskDefinition.read(task);
            replay = new LedgerReplay(definition, Trust.read(trust));
            origin.read(definition.id(), replay::take);
            if (replay.records() == 0) {
                throw new ConfigurationException(
                        "%s has no ledger record of task %s".formatted(origin, definition.task()));
            }
        } catch (ConfigurationException e) {
            spec.commandLine().getErr().println("sotto: " + e.getMessage());
            return PrivacyCommand.COULD_NOT_RUN;
        }
        PrintWriter out = spec.commandLine().getOut();
        PrivacyStatement spent = statement(definition, replay);
        if (json) {
            out.println(json(replay, spent));
        } else {
            print(replay, spent, out);
        }
        out.flush();
        return replay.broken().isPresent() ? PrivacyCommand.BROKEN : PrivacyCommand.HOLDS;
    }

    private static PrivacyStatement statement(TaskDefinition task, LedgerReplay replay) {
        LedgerChain chain = replay.chain();
        long releases = chain.entries().stream()
                .map(entry -> entry.releaseId())
                .distinct()
                .count();
        return new TaskPromise(task).statement(chain.spentEpsilon(), releases);
    }

    private static void print(LedgerReplay replay, PrivacyStatement spent, PrintWriter out) {
        out.printf(Locale.ROOT, ROW, "entry", "release", "kind", "rho", "rho spent", "epsilon", "hash");
        for (LedgerLine line : replay.lines()) {
            out.printf(
                    Locale.ROOT,
                    ROW,
                    line.number(),
                    line.release(),
                    line.step(),
                    Figures.near(line.rho()),
                    Figures.near(line.spentRho()),
                    Figures.atMost(line.epsilon()),
                    line.hash().substring(0, 16));
        }
        out.println();
        out.println("spent: " + spent.sentence());
        out.println("budget: epsilon %s, rho %s; head %s"
                .formatted(
                        Figures.near(replay.chain().budget().epsilon()),
                        Figures.near(replay.chain().budget().rho()),
                        replay.chain().head()));
        out.println(replay.broken()
                .map(place -> "BROKEN at " + place + ". Nothing from there on is believed.")
                .orElse("HOLDS: %d records, every signature and hash verified".formatted(replay.records())));
    }

    private static String json(LedgerReplay replay, PrivacyStatement spent) {
        ObjectNode root = Json.object()
                .put("task", replay.chain().task())
                .put("verdict", replay.broken().isPresent() ? "broken" : "holds")
                .put("brokenAt", replay.broken().orElse(null))
                .put("records", replay.records())
                .put("head", replay.chain().head().toString())
                .put("rho", replay.chain().spentRho())
                .put("budgetEpsilon", replay.chain().budget().epsilon())
                .put("budgetRho", replay.chain().budget().rho());
        spent.into(root);
        ArrayNode entries = root.putArray("entries");
        for (LedgerLine line : replay.lines()) {
            entries.addObject()
                    .put("entry", line.number())
                    .put("release", line.release())
                    .put("kind", line.step().name())
                    .put("rho", line.rho())
                    .put("rhoSpent", line.spentRho())
                    .put("epsilon", line.epsilon())
                    .put("hash", line.hash());
        }
        return Json.text(root);
    }
}
