package dev.sotto.site;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.Envelope;

/** The transcript position in an envelope whose signature has been checked, or is this site's own. Stateless. */
final class SignedPosition {
    private SignedPosition() {}

    /** @throws RejectedRecordException if the value is no envelope */
    static TranscriptPosition of(byte[] value) throws RejectedRecordException {
        Envelope envelope = AvroCodec.decode(value, Envelope.class);
        try {
            return new TranscriptPosition(envelope.getSequence(), AvroCodec.bytes(envelope.getHead()));
        } catch (IllegalArgumentException e) {
            throw new RejectedRecordException(Rejection.INVALID_FIELD, String.valueOf(e.getMessage()), e);
        }
    }
}
