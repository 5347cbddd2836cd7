package dev.sotto.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.contracts.avro.ReleasedMetrics;
import dev.sotto.federation.TaskDefinition;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RoundsReportTest {
    private static final TaskDefinition TASK = TaskDefinition.read(Path.of("src/main/resources/quickstart/task.yaml"));

    private static RoundOutcome outcome(int round, Optional<ReleasedMetrics> metrics, Optional<List<Double>> tally) {
        return new RoundOutcome(
                round,
                round,
                List.of("bank-a", "bank-b", "bank-c", "bank-d"),
                List.of("bank-a", "bank-b", "bank-c"),
                List.of("bank-d"),
                12.5 * round,
                1e-5,
                metrics,
                tally);
    }

    @Test
    void markdown_ofRoundsThatTellOfClasses_hasTheLastOnesFigures() {
        RoundsReport report = new RoundsReport(
                TASK,
                List.of(
                        outcome(
                                1,
                                Optional.of(new ReleasedMetrics(900.0, 1.1, 90.0, 0.3)),
                                Optional.of(List.of(30.0, 0.0, 0.0, 30.0, 0.0, 0.0, 30.0, 0.0, 0.0))),
                        outcome(
                                2,
                                Optional.of(new ReleasedMetrics(890.0, 0.6, 90.0, 0.8)),
                                Optional.of(List.of(24.2, 3.0, 3.0, 2.0, 26.0, 2.0, -1.3, 8.0, 22.0)))));
        assertThat(report.markdown())
                .contains("| 1 | 3 | 1 | 12.50 | 900 | 1.100 | 0 | 90 | 0.300 | 0.167 |")
                .contains("| 2 | 3 | 1 | 25.00 | 890 | 0.600 | 1 | 90 | 0.800 |")
                .contains("Model 1 by class")
                .contains("| negative | 24 | 3 | 3 |", "| positive | 0 | 8 | 22 |");
        assertThat(report.curves().get("accuracy")).containsExactly(0.3, 0.8);
        assertThat(report.curves().get("macro-F1")).hasSize(2);
    }

    /** Where records are protected a site tells of nothing but its update. */
    @Test
    void markdown_ofRoundsThatTellNothing_saysWhoTookPartAndWhatWasSpent() {
        RoundsReport report = new RoundsReport(TASK, List.of(outcome(1, Optional.empty(), Optional.empty())));
        assertThat(report.markdown())
                .contains("| 1 | 3 | 1 | 12.50 | - | - | 0 | - | - | - |")
                .doesNotContain("by class,");
        assertThat(report.curves()).isEmpty();
        assertThat(report.tree().get("rounds")).asString().doesNotContain("accuracy");
    }
}
