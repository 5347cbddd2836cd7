package dev.sotto.contracts.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.contracts.TranscriptPosition;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TranscriptAuditTest {
    private final History history = new History(AuditTasks.task(), 8);

    @Test
    void audit_honestHistory_isVerifiedToItsEnd() {
        AuditReport report = history.play().auditWithLedger();
        assertThat(report.findings()).isEmpty();
        assertThat(report.verified()).isTrue();
        assertThat(report.verifiedUpTo()).isEqualTo(history.rounds.size());
        assertThat(report.head()).isEqualTo(history.position);
        assertThat(report.ended()).isTrue();
        assertThat(report.completed()).isEqualTo(3);
        assertThat(report.ledgerChecked()).isTrue();
        assertThat(report.uninterpreted()).isZero();
    }

    @Test
    void report_honestHistory_saysWhatHappenedInEveryBlockAndRound() {
        AuditReport report = history.play().audit();
        assertThat(report.blocks())
                .extracting(BlockReport::outcome)
                .containsExactly(Outcome.SEALED, Outcome.ABORTED, Outcome.SEALED, Outcome.SEALED);
        assertThat(report.blocks()).extracting(BlockReport::degree).containsExactly(0, 4, 4, 0);
        assertThat(report.blocks()).extracting(BlockReport::countersigned).containsExactly(7, 0, 8, 8);
        List<RoundReport> rounds = report.blocks().stream()
                .flatMap(block -> block.rounds().stream())
                .toList();
        assertThat(rounds).extracting(RoundReport::round).containsExactly(1, 2, 3, 4, 5);
        assertThat(rounds)
                .extracting(RoundReport::outcome)
                .containsExactly(
                        Outcome.RELEASED, Outcome.ABORTED, Outcome.RELEASED, Outcome.ABORTED, Outcome.RELEASED);
        assertThat(rounds).extracting(RoundReport::groups).containsExactly(2, 2, 1, 1, 2);
        assertThat(rounds.get(0).dropouts()).containsExactly("bank-b");
        assertThat(rounds.get(2).survivors()).hasSize(7).doesNotContain("bank-d");
        assertThat(rounds).extracting(RoundReport::standing).containsOnly(Standing.VERIFIED);
        assertThat(rounds.get(4).epsilon())
                .isEqualTo(report.epsilon())
                .isGreaterThan(rounds.get(0).epsilon());
        assertThat(report.unchecked()).anyMatch(limit -> limit.contains("fl.ledger): they were not read"));
    }

    @Test
    void audit_historyThatGoesOn_isVerifiedSoFarAndSaysSo() {
        history.block(false);
        history.open();
        AuditReport report = history.audit();
        assertThat(report.verified()).isTrue();
        assertThat(report.ended()).isFalse();
        assertThat(report.unchecked()).anyMatch(limit -> limit.startsWith("what comes after record 11"));
        assertThat(report.blocks().get(0).rounds().get(0).outcome()).isEqualTo(Outcome.RUNNING);
    }

    @Test
    void audit_everyPrefix_isVerified() {
        History small = new History(AuditTasks.task(), 4);
        small.playOneRound();
        for (int length = 1; length <= small.rounds.size(); length++) {
            assertThat(small.audit(small.rounds.subList(0, length)).findings())
                    .as("the first %d records", length)
                    .isEmpty();
        }
    }

    @Test
    void audit_recordsOfOtherTasksAndRepeats_changeNothing() {
        history.play();
        History other = new History(AuditTasks.with("task: sentiment", "task: risk"), 4);
        other.block(false);
        List<TranscriptEntry> mixed = new ArrayList<>(other.rounds);
        mixed.addAll(history.rounds);
        mixed.add(history.rounds.get(3));
        AuditReport report = history.audit(mixed);
        assertThat(report.verified()).isTrue();
        assertThat(report.records()).isEqualTo(history.rounds.size());
        assertThat(report.repeats()).isEqualTo(1);
    }

    @Test
    void audit_ofATaskThatIsNotThere_verifiesNothing() {
        assertThat(history.audit(List.of()).verified()).isFalse();
    }

    @Test
    void demand_ofAPositionThatASiteHolds_findsTheTranscriptThatLacksIt() {
        history.play();
        TranscriptPosition held = history.opened;
        assertThat(demanding(held, history.rounds).verified()).isTrue();
        AuditReport cut = demanding(held, history.rounds.subList(0, 5));
        assertThat(cut.findings()).extracting(Finding::rule).containsExactly(Rule.SEEN);
        TranscriptPosition other = new TranscriptPosition(held.sequence(), History.random(32));
        assertThat(demanding(other, history.rounds).findings())
                .extracting(Finding::rule)
                .containsExactly(Rule.SEEN);
    }

    private AuditReport demanding(TranscriptPosition position, List<TranscriptEntry> entries) {
        TranscriptAudit audit = new TranscriptAudit(history.task, history.trust);
        entries.forEach(audit::accept);
        audit.demand(position);
        return audit.report();
    }
}
