package dev.sotto.scoring;

import dev.sotto.connect.flink.RawRecord;

/**
 * Where a record stands in Kafka; the part of an alert's identity that a replay does not change.
 *
 * @param topic the topic's name
 * @param partition the partition
 * @param offset the offset
 */
public record Coordinates(String topic, int partition, long offset) {
    /** Those of a record. */
    public static Coordinates of(RawRecord record) {
        return new Coordinates(record.topic(), record.partition(), record.offset());
    }

    @Override
    public String toString() {
        return topic + "/" + partition + "@" + offset;
    }
}
