package dev.sotto.contracts.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.BlockOffer;
import dev.sotto.contracts.avro.Envelope;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.federation.Trust;
import dev.sotto.secagg.IdentityKeyPair;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Whatever coordination signs, an audit ends with a report. */
class HostileRecordTest {
    private final History history = new History(AuditTasks.task(), 4);

    @Test
    void audit_payloadsWithFlippedBits_neverFailsAndNeverVerifies() throws Exception {
        history.playOneRound();
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < history.rounds.size(); i++) {
            SignedRecord record = history.opened(history.rounds.get(i).value());
            Envelope envelope = AvroCodec.decode(record.value(), Envelope.class);
            byte[] payload = AvroCodec.bytes(envelope.getPayload());
            // The front holds the numbers and lengths, where a reader trips most easily.
            payload[random.nextInt(Math.min(24, payload.length))] ^= (byte) (1 << random.nextInt(8));
            AuditReport report = history.audit(rewritten(i, payload));
            assertThat(report.records()).isEqualTo(history.rounds.size());
            if (record.kind() != Kind.ROUND_ABORTED && record.kind() != Kind.BLOCK_ABORTED) {
                assertThat(report.verified())
                        .as("%s with a flipped bit", record.kind())
                        .isFalse();
            }
        }
    }

    /** The history signed anew from one record on, the chain unbroken. */
    private List<TranscriptEntry> rewritten(int changed, byte[] payload) throws Exception {
        List<TranscriptEntry> entries = new ArrayList<>();
        TranscriptPosition position = TranscriptPosition.START;
        for (int i = 0; i < history.rounds.size(); i++) {
            Envelope envelope = AvroCodec.decode(history.rounds.get(i).value(), Envelope.class);
            byte[] content = i == changed ? payload : AvroCodec.bytes(envelope.getPayload());
            byte[] value = history.signedRaw(envelope.getKind(), position.next(), content);
            position = history.opened(value).reached();
            entries.add(history.entry(value));
        }
        return entries;
    }

    @Test
    void audit_numbersOutOfRange_areFindings() {
        history.cheat(Kind.BLOCK_OFFER, 1, BlockOffer.class, offer -> {
            offer.setBlock(Integer.MAX_VALUE);
            offer.setFirstRound(Integer.MAX_VALUE);
        });
        history.offer(true);
        assertThat(history.audit().verified()).isFalse();
        History other = new History(AuditTasks.task(), 4);
        other.cheat(Kind.ROUND_OPEN, 1, RoundOpen.class, open -> open.setAnnounced(List.of()));
        other.cheat(Kind.ROUND_OPEN, 1, RoundOpen.class, open -> open.setSealHash(ByteBuffer.allocate(0)));
        other.block(false);
        other.open();
        other.close();
        assertThat(other.audit().verified()).isFalse();
    }

    @Test
    void audit_withATrustFileWithoutCoordination_believesNothing() {
        history.block(false);
        Trust empty = new Trust(
                Map.of(
                        "bank-a",
                        IdentityKeyPair.generate(new SecureRandom()).publicKey().toBase64()),
                Map.of());
        TranscriptAudit audit = new TranscriptAudit(history.task, empty);
        history.rounds.forEach(audit::accept);
        AuditReport report = audit.report();
        assertThat(report.records()).isZero();
        assertThat(report.verified()).isFalse();
        assertThat(report.findings()).hasSameSizeAs(history.rounds);
    }
}
