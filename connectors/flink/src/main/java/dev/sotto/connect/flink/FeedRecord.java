package dev.sotto.connect.flink;

import org.jspecify.annotations.Nullable;

/**
 * A record whose value still lies in the buffer it was fetched into, together with others: to be read at once, not to be
 * written to, and to be copied if it is kept.
 *
 * @param topic the topic
 * @param partition the partition
 * @param offset the offset
 * @param timestamp milliseconds since the epoch: the broker's append time on protocol topics
 * @param key the key; null if there is none
 * @param buffer where the value lies
 * @param from where in the buffer it begins
 * @param length how long it is; zero for a tombstone
 */
public record FeedRecord(
        String topic,
        int partition,
        long offset,
        long timestamp,
        byte @Nullable [] key,
        byte[] buffer,
        int from,
        int length) {
    /** The record with its value alone. */
    public RawRecord copy() {
        byte[] value = new byte[length];
        System.arraycopy(buffer, from, value, 0, length);
        return new RawRecord(topic, partition, offset, timestamp, key, value);
    }

    /** Where it stood, for logs; never its content. */
    @Override
    public String toString() {
        return topic + "-" + partition + "@" + offset;
    }
}
