package dev.sotto.coordination.function;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.LedgerRecord;
import dev.sotto.contracts.avro.LedgerStep;
import dev.sotto.coordination.fixture.InMemoryRuntime;
import dev.sotto.coordination.fixture.ManualClock;
import dev.sotto.coordination.fixture.Play;
import dev.sotto.coordination.protocol.BlockCommand;
import dev.sotto.coordination.protocol.Command;
import dev.sotto.coordination.protocol.LedgerCommand;
import dev.sotto.coordination.protocol.Recipient;
import dev.sotto.coordination.protocol.RoundCommand;
import dev.sotto.privacy.LedgerChain;
import java.util.List;
import org.apache.flink.statefun.sdk.java.Address;
import org.apache.flink.statefun.sdk.java.message.MessageBuilder;
import org.apache.flink.statefun.sdk.java.testing.TestContext;
import org.junit.jupiter.api.Test;

class LedgerFunctionTest {
    private static final double RHO = 0.5;

    private final Play play = new Play();
    private final Address self = new Address(Types.function(Recipient.Role.LEDGER), "sentiment");
    private final TestContext context = TestContext.forTarget(self);
    private final LedgerFunction function = CoordinationFunctions.of(
                    List.of(play.task), play.parties.trust(), play.parties.coordination, new ManualClock())
            .ledger();

    @Test
    void reservation_thatFits_isChargedPublishedAndAnswered() {
        ask(reserve(1, RHO));
        assertThat(published()).extracting(LedgerRecord::getStep).containsExactly(LedgerStep.RESERVE);
        assertThat(published().get(0).getRhoSpent()).isEqualTo(RHO);
        BlockCommand.BudgetReserved answer =
                (BlockCommand.BudgetReserved) answers().get(0);
        assertThat(answer.round()).isEqualTo(play.round(1));
        assertThat(answer.rhoSpent()).isEqualTo(RHO);
        assertThat(answer.epsilonSpent()).isPositive();
        assertThat(chain().entries()).hasSize(1);
    }

    @Test
    void reservation_repeated_isAnsweredAgainAndChargedOnce() {
        ask(reserve(1, RHO));
        ask(reserve(1, RHO));
        assertThat(published()).hasSize(1);
        assertThat(answers()).hasSize(2);
        assertThat(chain().spentRho()).isEqualTo(RHO);
    }

    @Test
    void reservation_aboveTheBudget_isRefusedAndPublishedAsSuch() {
        ask(reserve(1, 1e6));
        assertThat(published()).extracting(LedgerRecord::getStep).containsExactly(LedgerStep.REFUSE);
        assertThat(published().get(0).getRhoSpent()).isZero();
        assertThat(((BlockCommand.BudgetRefused) answers().get(0)).reason()).contains("privacy budget");
    }

    @Test
    void commit_ofAReservation_followsItInTheChain() {
        ask(reserve(1, RHO));
        ask(new LedgerCommand.Commit(play.round(1), new byte[32], TranscriptPosition.START));
        assertThat(published())
                .extracting(LedgerRecord::getStep)
                .containsExactly(LedgerStep.RESERVE, LedgerStep.COMMIT);
        assertThat(published().get(1).getPrevious())
                .isEqualTo(published().get(0).getHash());
        RoundCommand.ReleaseCommitted answer =
                (RoundCommand.ReleaseCommitted) answers().get(1);
        assertThat(answer.ledgerHash()).isEqualTo(chain().head().bytes());
    }

    @Test
    void commit_ofOtherTermsThanReserved_isRefused() {
        ask(reserve(1, RHO));
        byte[] other = new byte[32];
        other[0] = 1;
        ask(new LedgerCommand.Commit(play.round(1), other, TranscriptPosition.START));
        assertThat(published())
                .extracting(LedgerRecord::getStep)
                .containsExactly(LedgerStep.RESERVE, LedgerStep.REFUSE);
        assertThat(chain().entries()).hasSize(1);
    }

    private LedgerCommand reserve(int round, double rho) {
        return new LedgerCommand.Reserve(play.round(round), new byte[32], rho, TranscriptPosition.START);
    }

    private void ask(LedgerCommand command) {
        function.apply(
                        context,
                        MessageBuilder.forAddress(self)
                                .withCustomType(Types.COMMAND, command)
                                .build())
                .join();
    }

    private LedgerChain chain() {
        return LedgerChain.deserialize(context.storage().get(Types.LEDGER).orElseThrow());
    }

    private List<Command> answers() {
        return context.getSentMessages().stream()
                .map(effect -> effect.message().as(Types.COMMAND))
                .toList();
    }

    private List<LedgerRecord> published() {
        return context.getSentEgressMessages().stream()
                .map(effect -> {
                    InMemoryRuntime.Sent sent = InMemoryRuntime.parse(effect.message());
                    assertThat(sent.topic()).isEqualTo(Topics.LEDGER.name());
                    try {
                        return play.parties.verifier().open(sent.value()).payload(LedgerRecord.class);
                    } catch (RejectedRecordException e) {
                        throw new AssertionError(e);
                    }
                })
                .toList();
    }
}
