package dev.sotto.connect.flink;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka record before anyone has looked into it, with where it stood. The arrays are not copied: whoever holds a record
 * leaves them as they are.
 *
 * @param topic the topic
 * @param partition the partition
 * @param offset the offset
 * @param timestamp milliseconds since the epoch: the broker's append time on protocol topics
 * @param key the key; null if there is none
 * @param value the value; empty for a tombstone
 */
public record RawRecord(String topic, int partition, long offset, long timestamp, byte @Nullable [] key, byte[] value) {
    /** The type as Flink serializes it: by fields. */
    public static final TypeInformation<RawRecord> TYPE = Types.POJO(RawRecord.class);

    /** Whether this is a tombstone of a compacted topic. */
    public boolean isTombstone() {
        return value.length == 0;
    }

    /** Where it stood, for logs; never its content. */
    @Override
    public String toString() {
        return topic + "-" + partition + "@" + offset;
    }
}
