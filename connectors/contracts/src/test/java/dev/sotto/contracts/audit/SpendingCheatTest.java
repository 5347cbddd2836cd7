package dev.sotto.contracts.audit;

import static dev.sotto.contracts.audit.Verdicts.assertFinds;
import static dev.sotto.contracts.audit.Verdicts.assertFindsOne;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.LedgerRecord;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.contracts.avro.RoundResult;
import dev.sotto.contracts.avro.TaskEnd;
import dev.sotto.privacy.ZCdp;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class SpendingCheatTest {
    private final History history = new History(AuditTasks.task(), 8);
    private final double rho = history.task.privacy().rho(history.task.delta2());

    private double epsilon(double spent) {
        return ZCdp.epsilon(spent, history.task.privacy().delta());
    }

    private History oneRound() {
        history.block(false);
        history.round();
        return history;
    }

    private void result(Consumer<RoundResult> change) {
        history.cheat(Kind.ROUND_RESULT, 1, RoundResult.class, change);
    }

    @Test
    void opening_thatIsNotCharged_isFound() {
        history.cheat(Kind.ROUND_OPEN, 2, RoundOpen.class, open -> {
            open.setRhoSpent(rho);
            open.setEpsilonSpent(epsilon(rho));
        });
        history.block(false);
        history.round();
        history.open();
        assertFindsOne(history.audit(), Rule.RHO, Kind.ROUND_OPEN);
    }

    @Test
    void opening_thatIsChargedForSomethingElseToo_isFound() {
        history.cheat(Kind.ROUND_OPEN, 1, RoundOpen.class, open -> {
            open.setRhoSpent(2 * rho);
            open.setEpsilonSpent(epsilon(2 * rho));
        });
        history.block(false);
        history.open();
        assertFindsOne(history.audit(), Rule.RHO, Kind.ROUND_OPEN);
    }

    @Test
    void opening_thatMakesNoNumber_isFound() {
        history.cheat(Kind.ROUND_OPEN, 1, RoundOpen.class, open -> open.setRhoSpent(Double.NaN));
        history.block(false);
        history.open();
        assertFinds(history.audit(), Rule.RHO);
    }

    @Test
    void result_thatTakesAChargeBack_isFound() {
        result(result -> {
            result.setRho(rho / 2);
            result.setEpsilon(epsilon(rho / 2));
        });
        assertFindsOne(oneRound().audit(), Rule.RHO, Kind.ROUND_RESULT);
    }

    @Test
    void result_thatUnderstatesEpsilonOrChangesDelta_isFound() {
        result(result -> {
            result.setEpsilon(1);
            result.setDelta(1e-2);
        });
        assertFinds(oneRound().audit(), Rule.EPSILON, Rule.DELTA);
    }

    @Test
    void rounds_beyondTheBudget_areFound() {
        History poor = new History(AuditTasks.with("budgetEpsilon: 20", "budgetEpsilon: 6"), 8);
        poor.block(false);
        poor.open();
        assertThat(poor.audit().findings()).isEmpty();
        poor.abort();
        poor.open();
        Finding finding = assertFindsOne(poor.audit(), Rule.BUDGET, Kind.ROUND_OPEN);
        assertThat(finding.found()).contains("above the bound");
    }

    @Test
    void end_thatSumsUpWrongly_isFound() {
        history.cheat(Kind.TASK_END, 1, TaskEnd.class, end -> {
            end.setRounds(4);
            end.setEpsilon(1);
        });
        oneRound().end();
        AuditReport report = history.audit();
        assertFinds(report, Rule.TASK_END);
        assertThat(report.findings()).hasSize(2);
    }

    @Test
    void result_thatNamesAnotherLedgerEntry_isFoundWithoutTheLedger() {
        result(result -> result.setLedgerHash(History.buffer(History.random(32))));
        AuditReport report = oneRound().audit();
        assertFindsOne(report, Rule.LEDGER, Kind.ROUND_RESULT);
        assertThat(report.unchecked()).anyMatch(limit -> limit.contains("do not follow any more"));
    }

    @Test
    void ledger_withAChargeThatIsInNoTranscript_isFoundWithoutTheLedger() {
        history.block(false);
        history.chargeInSecret(99);
        history.round();
        assertFindsOne(history.audit(), Rule.LEDGER, Kind.ROUND_RESULT);
    }

    @Test
    void ledger_withAChargeThatIsInNoTranscript_isNamed() {
        history.play();
        history.chargeInSecret(99);
        AuditReport report = history.auditWithLedger();
        assertFinds(report, Rule.LEDGER);
        assertThat(report.findings()).extracting(Finding::found).containsExactly("a charge for round 99");
    }

    @Test
    void ledger_aheadOfATranscriptThatGoesOn_isNoFinding() {
        history.block(false);
        history.round();
        history.chargeInSecret(2);
        assertThat(history.auditWithLedger().findings()).isEmpty();
    }

    @Test
    void ledger_withoutAnEntry_isFound() {
        history.play();
        history.ledger.remove(2);
        AuditReport report = history.auditWithLedger();
        assertFinds(report, Rule.LEDGER);
        assertThat(report.findings()).extracting(Finding::expected).contains("a reservation of round 2");
    }

    @Test
    void ledger_withALowerPrice_isFound() {
        oneRound();
        LedgerRecord record =
                History.payload(history.opened(history.ledger.get(0).value()), LedgerRecord.class);
        record.setRho(rho / 2);
        TranscriptEntry entry = history.ledger.get(0);
        byte[] cheap = history.signed(Kind.LEDGER, history.opened(entry.value()).position(), record);
        history.ledger.set(0, new TranscriptEntry(entry.topic(), 0, entry.key(), cheap));
        assertThat(history.auditWithLedger().findings())
                .extracting(Finding::rule)
                .contains(Rule.RHO, Rule.LEDGER);
    }

    @Test
    void ledger_thatNobodySigned_isFound() {
        oneRound();
        TranscriptEntry entry = history.ledger.get(0);
        byte[] altered = entry.value().clone();
        altered[altered.length - 70] ^= 1;
        history.ledger.set(0, new TranscriptEntry(entry.topic(), 0, entry.key(), altered));
        assertThat(history.auditWithLedger().findings())
                .extracting(Finding::rule)
                .contains(Rule.SIGNATURE, Rule.LEDGER);
    }
}
