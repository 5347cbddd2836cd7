package dev.sotto.coordination.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.contracts.audit.AuditReport;
import dev.sotto.contracts.audit.Finding;
import java.util.Locale;

/** A report for machines. Stateless. */
final class TranscriptJson {
    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private TranscriptJson() {}

    static String of(AuditReport report) {
        ObjectNode root = MAPPER.createObjectNode()
                .put("task", report.task().value())
                .put("verdict", report.verified() ? "verified" : "findings")
                .put("verifiedUpTo", report.verifiedUpTo())
                .put("records", report.records())
                .put("repeats", report.repeats())
                .put("head", TranscriptTable.head(report))
                .put("brokenAt", report.brokenAt())
                .put("uninterpreted", report.uninterpreted())
                .put("ended", report.ended())
                .put("completedRounds", report.completed())
                .put("rho", report.rho())
                .put("epsilon", report.epsilon())
                .put("delta", report.delta())
                .put("ledgerChecked", report.ledgerChecked());
        root.set("blocks", MAPPER.valueToTree(report.blocks()));
        ArrayNode findings = root.putArray("findings");
        report.findings().forEach(finding -> findings.add(of(finding)));
        root.set("notChecked", MAPPER.valueToTree(report.unchecked()));
        try {
            return MAPPER.writeValueAsString(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of plain values can be written", e);
        }
    }

    private static ObjectNode of(Finding finding) {
        return MAPPER.createObjectNode()
                .put("sequence", finding.sequence())
                .put("kind", finding.kind() == null ? null : finding.kind().name())
                .put("rule", finding.rule().name().toLowerCase(Locale.ROOT))
                .put("expected", finding.expected())
                .put("found", finding.found())
                .put("why", finding.why());
    }
}
