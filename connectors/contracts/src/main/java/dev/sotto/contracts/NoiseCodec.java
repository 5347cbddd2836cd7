package dev.sotto.contracts;

import dev.sotto.contracts.avro.NoiseRecord;
import dev.sotto.contracts.avro.UnmaskSeeds;
import dev.sotto.federation.NoiseLink;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.TaskId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What noise is taken off by, on the wire. Stateless. */
public final class NoiseCodec {
    private NoiseCodec() {}

    /** The records of the survivors' links. */
    public static List<NoiseRecord> toRecords(SortedMap<SiteId, NoiseLink> links) {
        List<NoiseRecord> records = new ArrayList<>();
        links.forEach((site, link) ->
                records.add(new NoiseRecord(site.value(), link.component(), ByteBuffer.wrap(link.bytes()))));
        return records;
    }

    /**
     * The links of a record, by site; the caller closes them.
     *
     * @throws RejectedRecordException {@link Rejection#INVALID_FIELD} if one is none or a site has two
     */
    public static SortedMap<SiteId, NoiseLink> fromRecord(TaskId task, UnmaskSeeds record)
            throws RejectedRecordException {
        SortedMap<SiteId, NoiseLink> links = new TreeMap<>();
        for (NoiseRecord noise : record.getNoise()) {
            byte[] bytes = AvroCodec.bytes(noise.getLink());
            try {
                RoundId round = new RoundId(task, record.getRound());
                NoiseLink link = NoiseLink.of(round, noise.getComponent(), bytes);
                if (link.component() == 0 || links.put(new SiteId(noise.getSite()), link) != null) {
                    throw new IllegalArgumentException("component 0 is never taken off, and no site's noise twice");
                }
            } catch (IllegalArgumentException e) {
                throw new RejectedRecordException(
                        Rejection.INVALID_FIELD,
                        "the noise of %s is none: %s".formatted(noise.getSite(), e.getMessage()),
                        e);
            } finally {
                Arrays.fill(bytes, (byte) 0);
            }
        }
        return links;
    }
}
