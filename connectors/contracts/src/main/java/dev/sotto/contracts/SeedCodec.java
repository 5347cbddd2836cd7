package dev.sotto.contracts;

import dev.sotto.contracts.avro.SeedRecord;
import dev.sotto.contracts.avro.UnmaskSeeds;
import dev.sotto.secagg.MaskSeed;
import dev.sotto.secagg.SignedSeed;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reconstructed seeds on the wire. Stateless. */
public final class SeedCodec {
    private SeedCodec() {}

    /** The records of the seeds of every group. */
    public static List<SeedRecord> toRecords(SortedMap<Integer, List<SignedSeed>> seeds) {
        List<SeedRecord> records = new ArrayList<>();
        seeds.forEach((group, ofGroup) -> ofGroup.forEach(
                seed -> records.add(new SeedRecord(ByteBuffer.wrap(seed.seed().bytes()), seed.subtract(), group))));
        return records;
    }

    /**
     * The seeds of a record, by group.
     *
     * @throws RejectedRecordException {@link Rejection#INVALID_FIELD} if one has another length
     */
    public static SortedMap<Integer, List<SignedSeed>> fromRecord(UnmaskSeeds record) throws RejectedRecordException {
        SortedMap<Integer, List<SignedSeed>> seeds = new TreeMap<>();
        for (SeedRecord seed : record.getSeeds()) {
            byte[] bytes = AvroCodec.bytes(seed.getSeed());
            try {
                seeds.computeIfAbsent(seed.getGroup(), group -> new ArrayList<>())
                        .add(new SignedSeed(MaskSeed.of(bytes), seed.getSubtract()));
            } catch (IllegalArgumentException e) {
                throw new RejectedRecordException(Rejection.INVALID_FIELD, "a seed has " + bytes.length + " bytes", e);
            } finally {
                Arrays.fill(bytes, (byte) 0);
            }
        }
        return seeds;
    }
}
