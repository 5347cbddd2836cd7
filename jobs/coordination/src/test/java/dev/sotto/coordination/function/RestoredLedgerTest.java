package dev.sotto.coordination.function;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.LedgerRecord;
import dev.sotto.contracts.avro.LedgerStep;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.contracts.avro.TaskEnd;
import dev.sotto.coordination.fixture.InMemoryRuntime;
import dev.sotto.coordination.fixture.Play;
import dev.sotto.coordination.protocol.LedgerBook;
import dev.sotto.coordination.protocol.Recipient;
import java.time.Duration;
import java.util.List;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.Test;

/** What becomes of a task whose coordination is restored from a savepoint older than its ledger in the topic. */
class RestoredLedgerTest {
    private final Play play = Play.ofRounds(3, 3);

    @Test
    void round_whoseReservationIsNotReadBack_staysShut() {
        play.runtime.holdLedger(true);
        play.opened();
        assertThat(play.transcript().kinds()).doesNotContain(Kind.ROUND_OPEN);
        play.runtime.advance(Duration.ofMinutes(11));
        assertThat(play.transcript().kinds()).doesNotContain(Kind.ROUND_OPEN);
        play.runtime.holdLedger(false);
        assertThat(play.transcript().kinds()).contains(Kind.ROUND_OPEN);
        assertThat(ledger()).hasSize(1);
    }

    @Test
    void savepoint_olderThanTheLedger_stopsTheTaskAndSaysWhatWasSpent() {
        play.opened();
        InMemoryRuntime.Savepoint old = play.runtime.savepoint();
        toRoundTwo();
        assertThat(steps()).containsExactly(LedgerStep.RESERVE, LedgerStep.COMMIT, LedgerStep.RESERVE);
        double spent = ledger().get(2).getRhoSpent();
        int written = rounds().size();

        List<InMemoryRuntime.Input> again = play.runtime.restore(old);
        play.runtime.holdLedger(false);
        again.forEach(input -> play.runtime.ingress(input.role(), input.key(), input.value()));

        assertThat(book().stopped()).contains("COMMIT sentiment/1", "older savepoint");
        assertThat(steps()).hasSize(3);
        List<SignedRecord> since = rounds().subList(written, rounds().size());
        assertThat(since).extracting(SignedRecord::kind).doesNotContain(Kind.ROUND_OPEN);
        SignedRecord last = since.get(since.size() - 1);
        assertThat(last.kind()).isEqualTo(Kind.TASK_END);
        assertThat(payload(last, TaskEnd.class).getEpsilon())
                .isEqualTo(play.task.budget().epsilonOf(spent));
    }

    /** The timers of the old state run out before the ledger is read, and the next round is asked for on other terms. */
    @Test
    void savepoint_whoseTimersAreFaster_opensNothingBeforeTheLedgerIsRead() {
        play.opened();
        InMemoryRuntime.Savepoint old = play.runtime.savepoint();
        toRoundTwo();
        int written = rounds().size();

        play.runtime.holdLedger(true);
        play.runtime.restore(old);
        play.runtime.advance(Duration.ofSeconds(211));
        assertThat(rounds().subList(written, rounds().size()))
                .extracting(SignedRecord::kind)
                .contains(Kind.ROUND_ABORTED)
                .doesNotContain(Kind.ROUND_OPEN);
        play.runtime.holdLedger(false);

        assertThat(book().stopped()).contains("COMMIT sentiment/1", "this state has RESERVE sentiment/2");
        assertThat(rounds().subList(written, rounds().size()))
                .extracting(SignedRecord::kind)
                .contains(Kind.TASK_END)
                .doesNotContain(Kind.ROUND_OPEN);
        assertThat(payload(rounds().get(rounds().size() - 1), TaskEnd.class).getReason())
                .isEqualTo(book().stopped());
    }

    /** Asked for on the same terms before the ledger is read, a round is charged once. */
    @Test
    void savepoint_ofBeforeAReservation_chargesTheSameTermsOnce() {
        play.started().enrolled(1);
        InMemoryRuntime.Savepoint old = play.runtime.savepoint();
        play.dealt();
        int opened = rounds().size();
        play.runtime.holdLedger(true);
        play.runtime.restore(old).forEach(input -> play.runtime.ingress(input.role(), input.key(), input.value()));
        play.runtime.holdLedger(false);
        assertThat(book().stopped()).isNull();
        assertThat(ledger()).hasSize(2);
        assertThat(ledger().get(1)).isEqualTo(ledger().get(0));
        assertThat(book().readBack()).isEqualTo(1);
        SignedRecord last = rounds().get(rounds().size() - 1);
        assertThat(last.kind()).isEqualTo(Kind.ROUND_OPEN);
        assertThat(payload(last, RoundOpen.class).getRhoSpent())
                .isEqualTo(payload(rounds().get(opened - 1), RoundOpen.class).getRhoSpent());
    }

    private void toRoundTwo() {
        play.close(1, play.firstThree());
        play.answered(1, 3);
        play.announce(play.model(1, "weights"));
        assertThat(play.transcript().last(Kind.ROUND_OPEN, RoundOpen.class).getRound())
                .isEqualTo(2);
    }

    private LedgerBook book() {
        return play.runtime.state(Recipient.ledger(play.task.id()), Types.LEDGER);
    }

    private List<LedgerStep> steps() {
        return ledger().stream().map(LedgerRecord::getStep).toList();
    }

    private List<LedgerRecord> ledger() {
        return opened(Topics.LEDGER.name()).stream()
                .map(record -> payload(record, LedgerRecord.class))
                .toList();
    }

    private List<SignedRecord> rounds() {
        return opened(Topics.ROUNDS.name());
    }

    private List<SignedRecord> opened(String topic) {
        return play.runtime.sent(topic).stream()
                .map(sent -> {
                    try {
                        return play.parties.verifier().open(sent.value());
                    } catch (RejectedRecordException e) {
                        throw new AssertionError(e);
                    }
                })
                .toList();
    }

    private static <T extends SpecificRecordBase> T payload(SignedRecord record, Class<T> type) {
        try {
            return record.payload(type);
        } catch (RejectedRecordException e) {
            throw new AssertionError(e);
        }
    }
}
