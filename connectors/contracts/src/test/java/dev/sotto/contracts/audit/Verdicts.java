package dev.sotto.contracts.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.contracts.avro.Kind;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;

/** What a test says of a report. */
final class Verdicts {
    private Verdicts() {}

    /** Findings of exactly these rules, and no verdict. */
    static void assertFinds(AuditReport report, Rule... rules) {
        Set<Rule> found = EnumSet.noneOf(Rule.class);
        report.findings().forEach(finding -> found.add(finding.rule()));
        assertThat(found).as("%s", report.findings()).isEqualTo(new TreeSet<>(Arrays.asList(rules)));
        assertThat(report.verified()).isFalse();
    }

    /** One finding, of this rule, at a record of this kind. */
    static Finding assertFindsOne(AuditReport report, Rule rule, Kind kind) {
        assertFinds(report, rule);
        assertThat(report.findings()).hasSize(1);
        Finding finding = report.findings().get(0);
        assertThat(finding.kind()).isEqualTo(kind);
        assertThat(finding.sequence()).isPositive();
        assertThat(report.verifiedUpTo()).isEqualTo(finding.sequence() - 1);
        return finding;
    }
}
