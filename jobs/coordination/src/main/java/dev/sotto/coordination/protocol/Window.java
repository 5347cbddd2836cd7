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
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The closed window of a round: who is in the sum, each with the root of its upload, or whose upload lacks chunks.
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
        return sites(decoded().getSurvivors().stream().map(Survivor::getSite).toList());
    }

    /** The sites whose signed upload lacks a chunk; if there is one, there is no sum. */
    SortedSet<SiteId> incomplete() throws RejectedRecordException {
        return sites(decoded().getIncomplete());
    }

    private static SortedSet<SiteId> sites(List<String> names) throws RejectedRecordException {
        SortedSet<SiteId> sites = new TreeSet<>();
        for (String name : names) {
            try {
                if (!sites.add(new SiteId(name))) {
                    throw new IllegalArgumentException("a site stands twice");
                }
            } catch (IllegalArgumentException e) {
                throw new RejectedRecordException(
                        Rejection.INVALID_FIELD, "the closed window's sites are none: " + e.getMessage(), e);
            }
        }
        return sites;
    }

    /** The survivors as the transcript lists them, with their manifests. */
    List<Survivor> survivors() throws RejectedRecordException {
        List<Survivor> survivors = new ArrayList<>(decoded().getSurvivors());
        survivors.sort((a, b) -> a.getSite().compareTo(b.getSite()));
        return survivors;
    }

    /** Whether it says the same, in whatever order. */
    boolean says(Window other) throws RejectedRecordException {
        return round() == other.round()
                && roots().equals(other.roots())
                && incomplete().equals(other.incomplete());
    }

    private SortedMap<String, ByteBuffer> roots() throws RejectedRecordException {
        SortedMap<String, ByteBuffer> roots = new TreeMap<>();
        decoded().getSurvivors().forEach(survivor -> roots.put(survivor.getSite(), survivor.getRoot()));
        return roots;
    }

    private WindowClosed decoded() throws RejectedRecordException {
        return AvroCodec.decode(
                AvroCodec.bytes(AvroCodec.decode(envelope, Envelope.class).getPayload()), WindowClosed.class);
    }
}
