package dev.sotto.connect.flink;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * A record on its way to a topic that its sink knows. The arrays are not copied.
 *
 * @param key the record's key
 * @param value the record's value
 */
public record OutgoingRecord(byte[] key, byte[] value) {
    /** The type as Flink serializes it: by fields. */
    public static final TypeInformation<OutgoingRecord> TYPE = Types.POJO(OutgoingRecord.class);

    @Override
    public String toString() {
        return "record of " + value.length + " bytes";
    }
}
