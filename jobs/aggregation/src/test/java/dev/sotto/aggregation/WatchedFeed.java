package dev.sotto.aggregation;

import dev.sotto.connect.flink.FeedOpener;
import dev.sotto.connect.flink.FeedRecord;
import dev.sotto.connect.flink.RecordFeed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Kafka's feed, with a look at how far it is. It gives nothing before the run has begun: a deployed job is up long before
 * sites upload.
 */
record WatchedFeed(RecordFeed kafka, Speed speed) implements RecordFeed {
    /** One run is measured at a time, in this JVM: operators find it here. */
    private static volatile Speed measured;

    /** What is opened from now on counts for this run. */
    static void watch(Speed speed) {
        measured = speed;
    }

    /** Opens Kafka's feeds. */
    record Opener(FeedOpener kafka) implements FeedOpener {
        @Override
        public int partitions() {
            return kafka.partitions();
        }

        @Override
        public RecordFeed open(int subtask, List<Integer> partitions, Map<Integer, Long> positions) {
            return new WatchedFeed(kafka.open(subtask, partitions, positions), measured);
        }
    }

    @Override
    public List<FeedRecord> poll(Duration atMost) {
        if (!speed.hasBegun()) {
            LockSupport.parkNanos(atMost.toNanos());
            return List.of();
        }
        List<FeedRecord> records = kafka.poll(atMost);
        long bytes = 0;
        for (FeedRecord record : records) {
            bytes += record.length();
        }
        speed.read(bytes);
        return records;
    }

    @Override
    public Map<Integer, Long> positions() {
        return kafka.positions();
    }

    @Override
    public List<Integer> partitions() {
        return kafka.partitions();
    }

    @Override
    public boolean isCaughtUp(int partition) {
        return kafka.isCaughtUp(partition);
    }

    @Override
    public void commit(Map<Integer, Long> positions) {
        kafka.commit(positions);
    }

    @Override
    public void close() {
        kafka.close();
    }
}
