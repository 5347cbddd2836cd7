package dev.sotto.aggregation;

import dev.sotto.connect.flink.RecordFeed;
import java.util.Map;
import java.util.TreeMap;

/**
 * Event time of a feed: the least of its partitions' newest append times. A partition without anything more to read that was
 * silent for a while does not hold it back. Not thread-safe.
 */
final class FeedTime {
    private final RecordFeed feed;
    private final long idleAfter;
    private final Map<Integer, Long> newest = new TreeMap<>();
    private final Map<Integer, Long> heard = new TreeMap<>();
    private boolean idle;
    private long watermark = Long.MIN_VALUE;

    /**
     * Begins.
     *
     * @param idleAfter milliseconds of silence
     * @param now processing time in milliseconds
     */
    FeedTime(RecordFeed feed, long idleAfter, long now) {
        this.feed = feed;
        this.idleAfter = idleAfter;
        for (int partition : feed.partitions()) {
            newest.put(partition, Long.MIN_VALUE);
            heard.put(partition, now);
        }
    }

    void heard(int partition, long timestamp, long now) {
        newest.merge(partition, timestamp, Math::max);
        heard.put(partition, now);
    }

    /** Looks at all partitions. */
    void update(long now) {
        long least = Long.MAX_VALUE;
        idle = true;
        for (Map.Entry<Integer, Long> partition : newest.entrySet()) {
            if (!isSilent(partition.getKey(), now)) {
                idle = false;
                least = Math.min(least, partition.getValue());
            }
        }
        // Records of the same millisecond may follow.
        watermark = idle || least == Long.MIN_VALUE ? watermark : Math.max(watermark, least - 1);
    }

    private boolean isSilent(int partition, long now) {
        Long last = heard.get(partition);
        return last != null && now - last >= idleAfter && feed.isCaughtUp(partition);
    }

    /** Whether nothing here holds event time back. */
    boolean isIdle() {
        return idle;
    }

    /** The watermark; it never goes back. */
    long watermark() {
        return watermark;
    }
}
