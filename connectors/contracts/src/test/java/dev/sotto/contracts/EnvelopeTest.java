package dev.sotto.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.contracts.avro.Arrival;
import dev.sotto.contracts.avro.Enrol;
import dev.sotto.contracts.avro.Envelope;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.RoundAborted;
import dev.sotto.contracts.avro.Tick;
import java.nio.ByteBuffer;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class EnvelopeTest {
    private final Parties parties = new Parties();
    private final Enrol enrol = new Enrol(1, ByteBuffer.wrap(new byte[32]), ByteBuffer.allocate(0));

    @Test
    void envelope_signedByAnAllowedSite_opensWithItsPayload() throws Exception {
        byte[] value = parties.site.sealBytes(Parties.TASK, Kind.ENROL, TranscriptPosition.START, enrol);
        SignedRecord record = parties.verifier.open(value);
        assertThat(record.signer()).isEqualTo("bank-a");
        assertThat(record.task()).isEqualTo(Parties.TASK);
        assertThat(record.position()).isEqualTo(TranscriptPosition.START);
        assertThat(record.payload(Enrol.class)).isEqualTo(enrol);
        assertThat(record.value()).isEqualTo(value);
    }

    @Test
    void envelope_anyFieldChanged_isRefused() throws Exception {
        Envelope sealed = parties.site.seal(Parties.TASK, Kind.ENROL, TranscriptPosition.START, enrol);
        refused(Envelope.newBuilder(sealed).setTask("other").build(), Rejection.BAD_SIGNATURE);
        refused(Envelope.newBuilder(sealed).setKind(Kind.BUNDLE).build(), Rejection.BAD_SIGNATURE);
        refused(Envelope.newBuilder(sealed).setSequence(5).build(), Rejection.BAD_SIGNATURE);
        refused(Envelope.newBuilder(sealed).setHead(ByteBuffer.wrap(filled(32))).build(), Rejection.BAD_SIGNATURE);
        refused(
                Envelope.newBuilder(sealed)
                        .setPayload(ByteBuffer.wrap(filled(9)))
                        .build(),
                Rejection.BAD_SIGNATURE);
        refused(
                Envelope.newBuilder(sealed)
                        .setSignature(ByteBuffer.wrap(filled(64)))
                        .build(),
                Rejection.BAD_SIGNATURE);
        refused(Envelope.newBuilder(sealed).setSignature(ByteBuffer.allocate(0)).build(), Rejection.BAD_SIGNATURE);
        refused(Envelope.newBuilder(sealed).setHead(ByteBuffer.allocate(3)).build(), Rejection.INVALID_FIELD);
        refused(Envelope.newBuilder(sealed).setTask("Not An Id").build(), Rejection.INVALID_FIELD);
        refused(Envelope.newBuilder(sealed).setSigner("bank-b").build(), Rejection.UNKNOWN_SIGNER);
    }

    @Test
    void envelope_byAStranger_isRefused() {
        refused(
                parties.stranger.seal(Parties.TASK, Kind.ENROL, TranscriptPosition.START, enrol),
                Rejection.UNKNOWN_SIGNER);
    }

    @Test
    void envelope_kindOfAnotherParty_isRefusedThoughTheSignatureHolds() {
        refused(
                parties.site.seal(Parties.TASK, Kind.ROUND_ABORTED, TranscriptPosition.START, new RoundAborted(1, "")),
                Rejection.UNKNOWN_SIGNER);
        refused(
                parties.coordination.seal(Parties.TASK, Kind.ENROL, TranscriptPosition.START, enrol),
                Rejection.UNKNOWN_SIGNER);
        refused(
                parties.operator.seal(
                        Parties.TASK,
                        Kind.ARRIVAL,
                        TranscriptPosition.START,
                        new Arrival(1, "bank-a", ByteBuffer.allocate(32))),
                Rejection.UNKNOWN_SIGNER);
        refused(
                parties.aggregation.seal(Parties.TASK, Kind.TICK, TranscriptPosition.START, new Tick(1L)),
                Rejection.UNKNOWN_SIGNER);
    }

    @Test
    void envelope_bytesAfterIt_areRefused() {
        byte[] value = parties.site.sealBytes(Parties.TASK, Kind.ENROL, TranscriptPosition.START, enrol);
        assertThatThrownBy(() -> parties.verifier.open(Arrays.copyOf(value, value.length + 1)))
                .isInstanceOfSatisfying(RejectedRecordException.class, e -> assertThat(e.rejection())
                        .isEqualTo(Rejection.MALFORMED));
    }

    @Property(tries = 300)
    void envelope_garbage_isRefusedAndNeverThrowsAnythingElse(@ForAll byte[] garbage) {
        assertThatThrownBy(() -> parties.verifier.open(garbage)).isInstanceOf(RejectedRecordException.class);
    }

    @Test
    void envelope_everyTruncation_isRefused() {
        byte[] value = parties.site.sealBytes(Parties.TASK, Kind.ENROL, TranscriptPosition.START, enrol);
        for (int length = 0; length < value.length; length++) {
            byte[] cut = Arrays.copyOf(value, length);
            assertThatThrownBy(() -> parties.verifier.open(cut)).isInstanceOf(RejectedRecordException.class);
        }
    }

    private void refused(Envelope envelope, Rejection reason) {
        assertThatThrownBy(() -> parties.verifier.open(AvroCodec.encode(envelope)))
                .isInstanceOfSatisfying(RejectedRecordException.class, e -> assertThat(e.rejection())
                        .isEqualTo(reason));
    }

    private static byte[] filled(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 1);
        return bytes;
    }
}
