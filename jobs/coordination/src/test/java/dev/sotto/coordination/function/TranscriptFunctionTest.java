package dev.sotto.coordination.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.RoundAborted;
import dev.sotto.contracts.avro.Tick;
import dev.sotto.coordination.fixture.InMemoryRuntime;
import dev.sotto.coordination.fixture.ManualClock;
import dev.sotto.coordination.fixture.Play;
import dev.sotto.coordination.protocol.Recipient;
import dev.sotto.coordination.protocol.TranscriptCommand;
import dev.sotto.coordination.protocol.Written;
import java.util.List;
import org.apache.flink.statefun.sdk.java.Address;
import org.apache.flink.statefun.sdk.java.message.MessageBuilder;
import org.apache.flink.statefun.sdk.java.testing.TestContext;
import org.junit.jupiter.api.Test;

class TranscriptFunctionTest {
    private final Play play = new Play();
    private final Address self = new Address(Types.function(Recipient.Role.TRANSCRIPT), "sentiment");
    private final Address asker = new Address(Types.function(Recipient.Role.ROUND), "sentiment/1");
    private final TestContext context = TestContext.forTargetWithCaller(self, asker);
    private final TranscriptFunction function = CoordinationFunctions.of(
                    List.of(play.task), play.parties.trust(), play.parties.coordination, new ManualClock())
            .transcript();

    @Test
    void records_inTheOrderAsked_areNumberedChainedAndReported() throws Exception {
        append(TranscriptCommand.Append.of(Kind.ROUND_ABORTED, new RoundAborted(1, "first")));
        append(TranscriptCommand.Append.of(Kind.ROUND_ABORTED, new RoundAborted(2, "second")));

        List<InMemoryRuntime.Sent> sent = context.getSentEgressMessages().stream()
                .map(effect -> InMemoryRuntime.parse(effect.message()))
                .toList();
        assertThat(sent).extracting(InMemoryRuntime.Sent::key).containsExactly("sentiment/1", "sentiment/2");
        SignedRecord first = play.parties.verifier().open(sent.get(0).value());
        SignedRecord second = play.parties.verifier().open(sent.get(1).value());
        assertThat(first.position()).isEqualTo(TranscriptPosition.START.next());
        assertThat(second.position()).isEqualTo(first.reached().next());
        assertThat(second.payload(RoundAborted.class).getReason()).isEqualTo("second");

        assertThat(context.getSentMessages()).hasSize(2);
        assertThat(context.getSentMessages().get(1).message().targetAddress()).isEqualTo(asker);
        assertThat(context.getSentMessages().get(1).message().as(Types.COMMAND))
                .isEqualTo(new Written(Kind.ROUND_ABORTED, second.reached()));
    }

    @Test
    void record_ofAKindThatIsNoTranscriptRecord_isAFault() {
        TranscriptCommand.Append tick = TranscriptCommand.Append.of(Kind.TICK, new Tick(1L));
        assertThatThrownBy(() -> append(tick))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("TICK is no transcript record");
    }

    private void append(TranscriptCommand command) throws Exception {
        function.apply(
                        context,
                        MessageBuilder.forAddress(self)
                                .withCustomType(Types.COMMAND, command)
                                .build())
                .join();
    }
}
