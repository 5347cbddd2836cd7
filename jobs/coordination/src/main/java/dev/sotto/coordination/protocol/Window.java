package dev.sotto.coordination.protocol;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.contracts.avro.Envelope;
import dev.sotto.contracts.avro.Survivor;
import dev.sotto.contracts.avro.WindowClosed;
import dev.sotto.secagg.SiteId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The closed window of a round: who is in the sum, each with the root of its upload.
 *
 * @param envelope aggregation's signed record, verified before
 */
public record Window(byte[] envelope) {
    /** The round's number. */
    int round() throws RejectedRecordException {
        return decoded().getRound();
    }

    /** The sites in the sum. */
    SortedSet<SiteId> sites() throws RejectedRecordException {
        SortedSet<SiteId> sites = new TreeSet<>();
        for (Survivor survivor : decoded().getSurvivors()) {
            try {
                if (!sites.add(new SiteId(survivor.getSite()))) {
                    throw new IllegalArgumentException("a site stands twice");
                }
            } catch (IllegalArgumentException e) {
                throw new RejectedRecordException(
                        Rejection.INVALID_FIELD, "the closed window's survivors are none: " + e.getMessage(), e);
            }
        }
        return sites;
    }

    /** The survivors as the transcript lists them. */
    List<Survivor> survivors() throws RejectedRecordException {
        List<Survivor> survivors = new ArrayList<>();
        for (Survivor survivor : decoded().getSurvivors()) {
            survivors.add(new Survivor(survivor.getSite(), ByteBuffer.wrap(AvroCodec.bytes(survivor.getRoot()))));
        }
        survivors.sort((a, b) -> a.getSite().compareTo(b.getSite()));
        return survivors;
    }

    /** Whether it says the same, in whatever order. */
    boolean says(Window other) throws RejectedRecordException {
        return round() == other.round() && survivors().equals(other.survivors());
    }

    private WindowClosed decoded() throws RejectedRecordException {
        return AvroCodec.decode(
                AvroCodec.bytes(AvroCodec.decode(envelope, Envelope.class).getPayload()), WindowClosed.class);
    }
}
