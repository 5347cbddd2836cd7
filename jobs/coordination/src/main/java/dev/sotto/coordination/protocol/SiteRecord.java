package dev.sotto.coordination.protocol;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.avro.Envelope;
import dev.sotto.secagg.SiteId;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * A record of a site whose signature the site's function has verified. Only that function makes one.
 *
 * @param site who signed it
 * @param envelope the record's value as it came
 * @param hash what a seal covers: {@code SignedRecord.hash()}
 */
public record SiteRecord(SiteId site, byte[] envelope, byte[] hash) {
    /** The number of the newest transcript record that the site had read. */
    long sequence() throws RejectedRecordException {
        return AvroCodec.decode(envelope, Envelope.class).getSequence();
    }

    /**
     * The payload.
     *
     * @throws RejectedRecordException if it is not of that type
     */
    public <T extends SpecificRecordBase> T payload(Class<T> type) throws RejectedRecordException {
        Envelope opened = AvroCodec.decode(envelope, Envelope.class);
        return AvroCodec.decode(AvroCodec.bytes(opened.getPayload()), type);
    }
}
