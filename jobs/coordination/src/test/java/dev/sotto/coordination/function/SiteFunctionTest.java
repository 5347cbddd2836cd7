package dev.sotto.coordination.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.EnvelopeSigner;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.DeadLetter;
import dev.sotto.contracts.avro.Enrol;
import dev.sotto.contracts.avro.Envelope;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Manifest;
import dev.sotto.contracts.avro.Unmask;
import dev.sotto.coordination.fixture.InMemoryRuntime;
import dev.sotto.coordination.fixture.ManualClock;
import dev.sotto.coordination.fixture.Play;
import dev.sotto.coordination.fixture.PlayedSite;
import dev.sotto.coordination.protocol.BlockCommand;
import dev.sotto.coordination.protocol.Intention;
import dev.sotto.coordination.protocol.Recipient;
import dev.sotto.coordination.protocol.RoundCommand;
import dev.sotto.coordination.protocol.SiteCommand;
import dev.sotto.coordination.protocol.SiteStanding;
import dev.sotto.secagg.IdentityKeyPair;
import dev.sotto.secagg.TaskId;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.statefun.sdk.java.Address;
import org.apache.flink.statefun.sdk.java.message.MessageBuilder;
import org.apache.flink.statefun.sdk.java.testing.TestContext;
import org.junit.jupiter.api.Test;

class SiteFunctionTest {
    private final Play play = new Play();
    private final PlayedSite site = play.sites.get(0);
    private final Address self = new Address(Types.function(Recipient.Role.SITE), site.id.value());
    private final TestContext context = TestContext.forTarget(self);
    private final SiteFunction function = CoordinationFunctions.of(
                    List.of(play.task), play.parties.trust(), play.parties.coordination, new ManualClock())
            .site();

    @Test
    void enrolment_ofTheSiteItself_goesToTheTask() {
        receive(site.enrol(1));
        Address block = new Address(Types.function(Recipient.Role.BLOCK), "sentiment");
        assertThat(context.getSentMessages()).hasSize(1);
        assertThat(context.getSentMessages().get(0).message().targetAddress()).isEqualTo(block);
        assertThat(context.getSentMessages().get(0).message().as(Types.COMMAND))
                .isInstanceOf(BlockCommand.EnrolmentReceived.class);
        assertThat(context.getSentEgressMessages()).isEmpty();
    }

    @Test
    void answer_ofTheSiteItself_goesToItsRoundAndItsIntentAloneToTheTask() {
        receive(site.sign(Kind.UNMASK, new Unmask(7, ByteBuffer.allocate(32), List.of(), false, List.of(), List.of())));
        assertThat(context.getSentMessages().get(0).message().targetAddress())
                .isEqualTo(new Address(Types.function(Recipient.Role.ROUND), "sentiment/7"));
        assertThat(context.getSentMessages().get(0).message().as(Types.COMMAND))
                .isInstanceOf(RoundCommand.AnswerReceived.class);
        assertThat(context.getSentMessages().get(1).message().as(Types.COMMAND))
                .isEqualTo(new BlockCommand.SiteAnswered(site.id, play.round(7), new Intention(0, false)));
    }

    @Test
    void record_ofAnUnknownSite_isRefusedWithoutAStrike() {
        IdentityKeyPair stranger = IdentityKeyPair.generate(play.parties.random);
        receive(new EnvelopeSigner("stranger", stranger)
                .sealBytes(play.task.id(), Kind.ENROL, TranscriptPosition.START, enrol()));
        assertRefused(Rejection.UNKNOWN_SIGNER, 0);
    }

    @Test
    void record_signedWithAnotherKey_isRefusedWithoutAStrike() {
        IdentityKeyPair stranger = IdentityKeyPair.generate(play.parties.random);
        receive(new EnvelopeSigner(site.id.value(), stranger)
                .sealBytes(play.task.id(), Kind.ENROL, TranscriptPosition.START, enrol()));
        assertRefused(Rejection.BAD_SIGNATURE, 0);
    }

    @Test
    void record_changedAfterSigning_isRefusedWithoutAStrike() throws Exception {
        Envelope envelope = AvroCodec.decode(site.enrol(1), Envelope.class);
        envelope.setSequence(5);
        receive(AvroCodec.encode(envelope));
        assertRefused(Rejection.BAD_SIGNATURE, 0);
    }

    @Test
    void record_underAnotherSitesKey_isRefusedWithoutAStrike() {
        receive(play.sites.get(1).enrol(1));
        assertRefused(Rejection.UNKNOWN_SIGNER, 0);
    }

    @Test
    void record_thatIsNoEnvelope_isRefusedWithoutAStrike() {
        receive(new byte[] {1, 2, 3});
        assertRefused(Rejection.MALFORMED, 0);
    }

    @Test
    void record_ofAnotherTask_isRefusedWithoutAStrike() {
        IdentityKeyPair own = play.parties.sites.get(site.id);
        receive(new EnvelopeSigner(site.id.value(), own)
                .sealBytes(new TaskId("other"), Kind.ENROL, TranscriptPosition.START, enrol()));
        assertRefused(Rejection.WRONG_TASK, 0);
    }

    @Test
    void record_ofAKindForAnotherTopic_isAStrike() {
        ByteBuffer hash = ByteBuffer.allocate(32);
        receive(site.sign(Kind.MANIFEST, new Manifest(1, 1, 1, 4, hash, hash, hash, ByteBuffer.allocate(0))));
        assertRefused(Rejection.WRONG_KIND, 1);
    }

    @Test
    void answer_forARoundThatIsNone_isAStrike() {
        receive(site.sign(Kind.UNMASK, new Unmask(0, ByteBuffer.allocate(32), List.of(), true, List.of(), List.of())));
        assertRefused(Rejection.INVALID_FIELD, 1);
    }

    @Test
    void refusal_furtherDown_isADeadLetterAndAStrikeOnlyIfNoHonestSiteDoesIt() {
        TaskId task = play.task.id();
        tell(new SiteCommand.Refused(task, Rejection.LATE, "too late", new byte[] {1}));
        assertThat(standing()).isEqualTo(standing(1, 0));
        tell(new SiteCommand.Refused(task, Rejection.CONFLICT, "another", new byte[] {2}));
        assertThat(standing()).isEqualTo(standing(2, 1));
        tell(new SiteCommand.Struck(task, "dealt badly"));
        assertThat(standing()).isEqualTo(standing(2, 2));
        assertThat(context.getSentEgressMessages()).hasSize(2);
    }

    @Test
    void strikes_asManyAsTheTaskBears_convictTheSiteEachTime() {
        assertThat(play.task.protocol().strikes()).isEqualTo(3);
        for (int strike = 1; strike <= 6; strike++) {
            tell(new SiteCommand.Struck(play.task.id(), "dealt badly"));
            tell(new SiteCommand.Struck(new TaskId("other"), "elsewhere"));
            assertThat(context.getSentMessages()).hasSize(strike / 3);
        }
        assertThat(context.getSentMessages().get(1).message().as(Types.COMMAND))
                .isEqualTo(new BlockCommand.SiteConvicted(site.id));
        assertThat(standing().strikes()).containsExactly(entry("other", 6), entry("sentiment", 6));
    }

    private static SiteStanding standing(long refused, int strikes) {
        return new SiteStanding(refused, strikes == 0 ? new TreeMap<>() : new TreeMap<>(Map.of("sentiment", strikes)));
    }

    private static Enrol enrol() {
        return new Enrol(1, ByteBuffer.allocate(32), ByteBuffer.allocate(0));
    }

    private void receive(byte[] value) {
        function.apply(
                        context,
                        MessageBuilder.forAddress(self)
                                .withCustomType(Types.BYTES, value)
                                .build())
                .join();
    }

    private void tell(SiteCommand command) {
        function.apply(
                        context,
                        MessageBuilder.forAddress(self)
                                .withCustomType(Types.COMMAND, command)
                                .build())
                .join();
    }

    private SiteStanding standing() {
        return context.storage().get(Types.STANDING).orElseThrow();
    }

    private void assertRefused(Rejection reason, int strikes) {
        assertThat(context.getSentMessages()).isEmpty();
        assertThat(standing()).isEqualTo(standing(1, strikes));
        InMemoryRuntime.Sent sent =
                InMemoryRuntime.parse(context.getSentEgressMessages().get(0).message());
        assertThat(sent.topic()).isEqualTo(Topics.SITES.deadLetters());
        assertThat(sent.key()).isEqualTo(site.id.value());
        try {
            DeadLetter letter = AvroCodec.decode(sent.value(), DeadLetter.class);
            assertThat(letter.getReason()).isEqualTo(reason.name());
            assertThat(letter.getPartition()).isEqualTo(-1);
            assertThat(letter.getOffset()).isEqualTo(-1);
        } catch (RejectedRecordException e) {
            throw new AssertionError(e);
        }
    }
}
