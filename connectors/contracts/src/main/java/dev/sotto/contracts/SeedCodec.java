package dev.sotto.contracts;

import dev.sotto.contracts.avro.SeedRecord;
import dev.sotto.contracts.avro.UnmaskSeeds;
import dev.sotto.secagg.MaskSeed;
import dev.sotto.secagg.SignedSeed;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reconstructed seeds on the wire. Stateless. */
public final class SeedCodec {
    private SeedCodec() {}

    /** The records of seeds. */
    public static List<SeedRecord> toRecords(List<SignedSeed> seeds) {
        List<SeedRecord> records = new ArrayList<>();
        for (SignedSeed seed : seeds) {
            records.add(new SeedRecord(ByteBuffer.wrap(seed.seed().bytes()), seed.subtract()));
        }
        return records;
    }

    /**
     * The seeds of a record.
     *
     * @throws RejectedRecordException {@link Rejection#INVALID_FIELD} if one has another length
     */
    public static List<SignedSeed> fromRecord(UnmaskSeeds record) throws RejectedRecordException {
        List<SignedSeed> seeds = new ArrayList<>();
        for (SeedRecord seed : record.getSeeds()) {
            byte[] bytes = AvroCodec.bytes(seed.getSeed());
            try {
                seeds.add(new SignedSeed(MaskSeed.of(bytes), seed.getSubtract()));
            } catch (IllegalArgumentException e) {
                throw new RejectedRecordException(Rejection.INVALID_FIELD, "a seed has " + bytes.length + " bytes", e);
            } finally {
                Arrays.fill(bytes, (byte) 0);
            }
        }
        return seeds;
    }
}
