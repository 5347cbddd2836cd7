package dev.sotto.coordination.protocol;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.avro.Envelope;
import dev.sotto.contracts.avro.ModelAnnounced;

/**
 * A model that aggregation announced.
 *
 * @param envelope aggregation's signed record, verified before
 */
public record Release(byte[] envelope) {
    /** The announcement. */
    ModelAnnounced announced() throws RejectedRecordException {
        return AvroCodec.decode(
                AvroCodec.bytes(AvroCodec.decode(envelope, Envelope.class).getPayload()), ModelAnnounced.class);
    }

    /** The model. */
    ModelRef model() throws RejectedRecordException {
        ModelAnnounced announced = announced();
        return new ModelRef(
                announced.getVersion(),
                AvroCodec.bytes(announced.getSha256()),
                announced.getLocation(),
                announced.getUnclipped());
    }
}
