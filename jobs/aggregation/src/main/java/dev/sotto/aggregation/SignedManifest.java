package dev.sotto.aggregation;

import dev.sotto.connect.flink.RawRecord;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * A site's manifest, its signature verified.
 *
 * @param round the round, {@code task/number}
 * @param site the site
 * @param root the Merkle root it names, 32 bytes
 * @param payload the manifest's Avro binary
 * @param sequence the transcript position it carries
 * @param head the hash at that position
 * @param source the record as it was read
 */
public record SignedManifest(
        String round, String site, byte[] root, byte[] payload, long sequence, byte[] head, RawRecord source) {
    /** The type as Flink serializes it: by fields. */
    public static final TypeInformation<SignedManifest> TYPE = Types.POJO(SignedManifest.class);

    /** The broker's append time. */
    public long timestamp() {
        return source.timestamp();
    }

    @Override
    public String toString() {
        return "manifest of " + site + " for " + round;
    }
}
