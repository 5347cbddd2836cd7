package dev.sotto.contracts;

import dev.sotto.contracts.avro.Envelope;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.federation.Checkpoint;
import dev.sotto.secagg.IdentityKeyPair;
import dev.sotto.secagg.TaskId;
import java.nio.ByteBuffer;
import org.apache.avro.specific.SpecificRecordBase;

/** A party that signs what it writes. Thread-safe. */
public final class EnvelopeSigner {
    private final String name;
    private final IdentityKeyPair identity;

    /**
     * A signer.
     *
     * @param name the site's id, or the server's name in the trust file
     */
    public EnvelopeSigner(String name, IdentityKeyPair identity) {
        this.name = name;
        this.identity = identity;
    }

    /** The name it signs under. */
    public String name() {
        return name;
    }

    /**
     * Signs a record.
     *
     * @param position the transcript position to carry: the record's own in the transcript, the newest read elsewhere
     * @return the envelope, whose Avro binary is the record's value
     */
    public Envelope seal(TaskId task, Kind kind, TranscriptPosition position, SpecificRecordBase payload) {
        Envelope envelope = Envelope.newBuilder()
                .setTask(task.value())
                .setKind(kind)
                .setSigner(name)
                .setSequence(position.sequence())
                .setHead(ByteBuffer.wrap(position.head()))
                .setPayload(ByteBuffer.wrap(AvroCodec.encode(payload)))
                .setSignature(ByteBuffer.allocate(0))
                .build();
        envelope.setSignature(ByteBuffer.wrap(identity.sign(SignedBytes.DOMAIN, SignedBytes.of(envelope))));
        return envelope;
    }

    /** Signs a model that this party publishes. */
    public Checkpoint sign(Checkpoint checkpoint) {
        return checkpoint.signedBy(name, identity);
    }

    /** As {@link #seal}, encoded. */
    public byte[] sealBytes(TaskId task, Kind kind, TranscriptPosition position, SpecificRecordBase payload) {
        return AvroCodec.encode(seal(task, kind, position, payload));
    }
}
