package dev.sotto.coordination.function;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.LedgerRecord;
import dev.sotto.contracts.avro.LedgerStep;
import dev.sotto.coordination.fixture.InMemoryRuntime;
import dev.sotto.coordination.fixture.ManualClock;
import dev.sotto.coordination.fixture.Play;
import dev.sotto.coordination.protocol.BlockCommand;
import dev.sotto.coordination.protocol.Command;
import dev.sotto.coordination.protocol.LedgerBook;
import dev.sotto.coordination.protocol.LedgerCommand;
import dev.sotto.coordination.protocol.Recipient;
import dev.sotto.coordination.protocol.RoundCommand;
import dev.sotto.privacy.Digest;
import dev.sotto.privacy.LedgerChain;
import dev.sotto.privacy.LedgerDecision;
import dev.sotto.privacy.ReleaseId;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.flink.statefun.sdk.java.Address;
import org.apache.flink.statefun.sdk.java.message.MessageBuilder;
import org.apache.flink.statefun.sdk.java.testing.TestContext;
import org.apache.flink.statefun.sdk.java.types.Type;
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
    void reservation_thatFits_isChargedAndPublishedAndAnsweredOnceReadBack() {
        ask(reserve(1, RHO));
        assertThat(answers()).isEmpty();
        readBack(0);
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
        assertThat(answers()).isEmpty();
        readBack(0);
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
        readBack(0);
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

    @Test
    void entry_readBackTwice_changesNothing() {
        ask(reserve(1, RHO));
        readBack(0);
        readBack(0);
        assertThat(answers()).hasSize(1);
        assertThat(book().stopped()).isNull();
    }

    @Test
    void entry_thatIsNotKnownHere_stopsAndIsTakenOver() {
        LedgerChain elsewhere = LedgerChain.open(play.task.task(), play.task.budget());
        readBack(sealed(reserved(elsewhere, 1)));
        assertThat(book().stopped()).contains("RESERVE sentiment/1", "has none", "newest checkpoint");
        readBack(sealed(reserved(elsewhere, 2)));
        assertThat(chain().head()).isEqualTo(elsewhere.head());
        ask(reserve(3, RHO));
        assertThat(published()).isEmpty();
        BlockCommand.BudgetRefused refused =
                (BlockCommand.BudgetRefused) answers().get(0);
        assertThat(refused.reason()).isEqualTo(book().stopped());
        assertThat(refused.epsilonSpent()).isEqualTo(elsewhere.spentEpsilon());
    }

    @Test
    void entry_thatContradictsTheReservationUnderWay_refusesIt() {
        LedgerChain elsewhere = LedgerChain.open(play.task.task(), play.task.budget());
        LedgerRecord other = reserved(elsewhere, 7);
        ask(reserve(1, RHO));
        readBack(sealed(other));
        BlockCommand.BudgetRefused refused =
                (BlockCommand.BudgetRefused) answers().get(0);
        assertThat(refused.round()).isEqualTo(play.round(1));
        assertThat(refused.reason()).contains("RESERVE sentiment/7", "where this state has RESERVE sentiment/1");
        assertThat(chain().head()).isEqualTo(elsewhere.head());
        readBack(0);
        assertThat(chain().head()).isEqualTo(elsewhere.head());
        assertThat(answers()).hasSize(1);
    }

    @Test
    void entry_thatFollowsNothingKnown_stopsAndIsNotTakenOver() {
        LedgerChain elsewhere = LedgerChain.open(play.task.task(), play.task.budget());
        reserved(elsewhere, 1);
        readBack(sealed(reserved(elsewhere, 2)));
        assertThat(book().stopped()).isNotNull();
        assertThat(chain().entries()).isEmpty();
    }

    @Test
    void refusal_readBack_changesNothing() {
        ask(reserve(1, 1e6));
        readBack(0);
        assertThat(book()).isEqualTo(LedgerBook.EMPTY);
    }

    @Test
    void record_thatCoordinationHasNotSigned_isRefused() {
        LedgerRecord record = reserved(LedgerChain.open(play.task.task(), play.task.budget()), 1);
        byte[] forged =
                play.parties.operator().sealBytes(play.task.id(), Kind.LEDGER, TranscriptPosition.START, record);
        send(Types.BYTES, forged);
        send(Types.BYTES, new byte[] {1, 2, 3});
        assertThat(context.getSentEgressMessages())
                .extracting(effect -> InMemoryRuntime.parse(effect.message()).topic())
                .containsOnly(Topics.LEDGER.deadLetters())
                .hasSize(2);
        assertThat(context.storage().get(Types.LEDGER)).isEmpty();
    }

    @Test
    void record_withFieldsThatAreNone_isRefused() {
        LedgerRecord release = reserved(LedgerChain.open(play.task.task(), play.task.budget()), 1);
        release.setRelease("sentiment/0");
        LedgerRecord hash = reserved(LedgerChain.open(play.task.task(), play.task.budget()), 1);
        hash.setHash(ByteBuffer.wrap(new byte[3]));
        LedgerRecord rho = reserved(LedgerChain.open(play.task.task(), play.task.budget()), 1);
        rho.setRho(-1.0);
        for (LedgerRecord record : List.of(release, hash, rho)) {
            readBack(sealed(record));
        }
        assertThat(context.getSentEgressMessages()).hasSize(3);
        assertThat(context.storage().get(Types.LEDGER)).isEmpty();
    }

    private LedgerRecord reserved(LedgerChain chain, int round) {
        byte[] previous = chain.head().bytes();
        Digest input = Digest.of(new byte[32]);
        assertThat(chain.reserve(new ReleaseId(play.task.task(), round), input, RHO))
                .isInstanceOf(LedgerDecision.Appended.class);
        return new LedgerRecord(
                play.round(round).toString(),
                ByteBuffer.wrap(input.bytes()),
                RHO,
                chain.spentRho(),
                LedgerStep.RESERVE,
                ByteBuffer.wrap(previous),
                ByteBuffer.wrap(chain.head().bytes()));
    }

    private byte[] sealed(LedgerRecord record) {
        return play.parties.coordination().sealBytes(play.task.id(), Kind.LEDGER, TranscriptPosition.START, record);
    }

    /** What was published comes back from the topic. */
    private void readBack(int published) {
        readBack(InMemoryRuntime.parse(
                        context.getSentEgressMessages().get(published).message())
                .value());
    }

    private void readBack(byte[] value) {
        send(Types.BYTES, value);
    }

    private LedgerCommand reserve(int round, double rho) {
        return new LedgerCommand.Reserve(play.round(round), new byte[32], rho, TranscriptPosition.START);
    }

    private void ask(LedgerCommand command) {
        send(Types.COMMAND, command);
    }

    private <T> void send(Type<T> type, T what) {
        function.apply(
                        context,
                        MessageBuilder.forAddress(self)
                                .withCustomType(type, what)
                                .build())
                .join();
    }

    private LedgerBook book() {
        return context.storage().get(Types.LEDGER).orElse(LedgerBook.EMPTY);
    }

    private LedgerChain chain() {
        return LedgerChain.deserialize(book().chain());
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
