package dev.sotto.contracts;

import dev.sotto.contracts.avro.Envelope;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.secagg.TaskId;
import org.apache.avro.specific.SpecificRecordBase;

/** A record whose signature holds. Only {@link EnvelopeVerifier} makes one. */
public final class SignedRecord {
    private final Envelope envelope;
    private final TaskId task;
    private final byte[] value;

    SignedRecord(Envelope envelope, TaskId task, byte[] value) {
        this.envelope = envelope;
        this.task = task;
        this.value = value;
    }

    public TaskId task() {
        return task;
    }

    public Kind kind() {
        return envelope.getKind();
    }

    public String signer() {
        return envelope.getSigner();
    }

    /** The transcript position it carries. */
    public TranscriptPosition position() {
        return new TranscriptPosition(envelope.getSequence(), AvroCodec.bytes(envelope.getHead()));
    }

    /** Hash of everything but the signature: what the transcript chains and a seal covers. */
    public byte[] hash() {
        return SignedBytes.hash(envelope);
    }

    /** The position a reader holds after reading this transcript record. */
    public TranscriptPosition reached() {
        return new TranscriptPosition(envelope.getSequence(), hash());
    }

    /** The record's value as it came. */
    public byte[] value() {
        return value.clone();
    }

    /**
     * The payload.
     *
     * @throws RejectedRecordException if it is not of that type
     */
    public <T extends SpecificRecordBase> T payload(Class<T> type) throws RejectedRecordException {
        return AvroCodec.decode(AvroCodec.bytes(envelope.getPayload()), type);
    }
}
