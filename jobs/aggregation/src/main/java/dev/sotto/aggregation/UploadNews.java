package dev.sotto.aggregation;

import dev.sotto.connect.flink.RawRecord;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.jspecify.annotations.Nullable;

/**
 * What the gate hears of an upload: a chunk that was seen, or a site's manifest, its signature verified.
 *
 * @param round the round, {@code task/number}
 * @param site the site
 * @param root the Merkle root that the chunk's proof leads to, or that the manifest names
 * @param chunk the chunk's index; -1 for a manifest
 * @param timestamp the broker's append time
 * @param payload the manifest's Avro binary; null for a chunk
 * @param manifest the record as it was read; null for a chunk, which goes to its accumulator
 */
public record UploadNews(
        String round,
        String site,
        byte[] root,
        int chunk,
        long timestamp,
        byte @Nullable [] payload,
        @Nullable RawRecord manifest) {
    /** The type as Flink serializes it: by fields. */
    public static final TypeInformation<UploadNews> TYPE = Types.POJO(UploadNews.class);

    static UploadNews chunk(String round, String site, byte[] root, int chunk, long timestamp) {
        return new UploadNews(round, site, root, chunk, timestamp, null, null);
    }

    static UploadNews manifest(String round, String site, byte[] root, byte[] payload, RawRecord manifest) {
        return new UploadNews(round, site, root, -1, manifest.timestamp(), payload, manifest);
    }

    @Override
    public String toString() {
        return (chunk < 0 ? "manifest" : "chunk " + chunk) + " of " + site + " for " + round;
    }
}
