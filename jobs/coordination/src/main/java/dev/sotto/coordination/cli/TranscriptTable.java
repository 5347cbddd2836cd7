package dev.sotto.coordination.cli;

import dev.sotto.contracts.audit.AuditReport;
import dev.sotto.contracts.audit.BlockReport;
import dev.sotto.contracts.audit.Finding;
import dev.sotto.contracts.audit.Outcome;
import dev.sotto.contracts.audit.RoundReport;
import java.io.PrintWriter;
import java.util.HexFormat;
import java.util.Locale;

/** Prints a report for people: a table of blocks and rounds, the findings, what was not checked, and the verdict. */
final class TranscriptTable {
    private static final String ROW = "  %-7s %-11s %-9s %-6s %-9s %-9s %-6s %-9s %s%n";

    private final PrintWriter out;

    TranscriptTable(PrintWriter out) {
        this.out = out;
    }

    void print(AuditReport report) {
        line("task %s: %d records, head %s", report.task(), report.records(), head(report));
        report.blocks().forEach(this::print);
        if (!report.findings().isEmpty()) {
            line("%nfindings");
            report.findings().forEach(this::print);
        }
        line("%nnot checked");
        report.unchecked().forEach(limit -> line("  - %s", limit));
        line("%n%s", verdict(report));
    }

    private void print(BlockReport block) {
        line(
                "%nblock %d, records %d to %d: cohort of %d, %s, threshold %d; %s [%s]",
                block.block(),
                block.first(),
                block.last(),
                block.cohort(),
                block.degree() == 0 ? "complete graph" : block.degree() + " neighbours each",
                block.threshold(),
                fate(block),
                lower(block.standing()));
        if (!block.rounds().isEmpty()) {
            out.printf(
                    Locale.ROOT,
                    ROW,
                    "round",
                    "records",
                    "announced",
                    "groups",
                    "survivors",
                    "outcome",
                    "model",
                    "epsilon",
                    "");
            block.rounds().forEach(this::print);
        }
    }

    private static String fate(BlockReport block) {
        String sealed = block.sealHash().isEmpty()
                ? "no seal"
                : "%d sealed, %d countersigned, seal %.16s"
                        .formatted(block.members(), block.countersigned(), block.sealHash());
        return block.outcome() == Outcome.ABORTED ? sealed + ", given up" : sealed;
    }

    private void print(RoundReport round) {
        out.printf(
                Locale.ROOT,
                ROW,
                round.round(),
                round.first() + "-" + round.last(),
                round.announced(),
                round.groups(),
                round.survivors().isEmpty() ? "-" : round.survivors().size(),
                lower(round.outcome()),
                round.modelVersion(),
                "%.4f".formatted(round.epsilon()),
                lower(round.standing()));
        if (!round.dropouts().isEmpty()) {
            line("          dropped out: %s", String.join(", ", round.dropouts()));
        }
    }

    private void print(Finding finding) {
        line(
                "  record %d, %s: %s",
                finding.sequence(), finding.kind() == null ? "unreadable" : finding.kind(), finding.rule());
        line("    expected  %s", finding.expected());
        line("    found     %s", finding.found());
        line("    matters   %s", finding.why());
    }

    private static String verdict(AuditReport report) {
        String spent = "%d rounds with a result, epsilon %.4f at delta %s"
                .formatted(report.completed(), report.epsilon(), report.delta());
        if (report.verified()) {
            return "VERIFIED: %d records, %s; the task has %s."
                    .formatted(report.records(), spent, report.ended() ? "ended" : "not ended");
        }
        String broken = report.brokenAt() == 0
                ? ""
                : " The chain is broken at record %d; nothing from there on is verified.".formatted(report.brokenAt());
        return "FINDINGS: %d; verified up to record %d of %d.%s"
                .formatted(
                        report.findings().size(),
                        report.verifiedUpTo(),
                        report.head().sequence(),
                        broken);
    }

    static String head(AuditReport report) {
        return report.head().sequence() + ":"
                + HexFormat.of().formatHex(report.head().head());
    }

    private static String lower(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }

    private void line(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }
}
