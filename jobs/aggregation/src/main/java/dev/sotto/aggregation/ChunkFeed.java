package dev.sotto.aggregation;

import dev.sotto.connect.flink.FeedOpener;
import dev.sotto.connect.flink.FeedRecord;
import dev.sotto.connect.flink.RecordFeed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.flink.api.common.TaskInfo;

/**
 * The chunks of one combiner's partitions, whose number modulo the parallelism is its own: how far they are read, what event
 * time they are at, and which positions checkpoints cover. Not thread-safe.
 */
final class ChunkFeed implements AutoCloseable {
    /** While chunks are on their way, polls wait for them, and verdicts and barriers for no longer than this. */
    private static final Duration BUSY = Duration.ofMillis(20);

    private final RecordFeed feed;
    private final FeedTime time;
    private final NavigableMap<Long, Map<Integer, Long>> uncommitted = new TreeMap<>();

    private ChunkFeed(RecordFeed feed, FeedTime time) {
        this.feed = feed;
        this.time = time;
    }

    /**
     * Opens a subtask's feed.
     *
     * @param positions of all partitions, as far as they were read before
     * @param idleAfter milliseconds of silence after which a partition holds event time no longer back
     * @param now processing time in milliseconds
     */
    static ChunkFeed open(FeedOpener opener, TaskInfo self, Map<Integer, Long> positions, long idleAfter, long now) {
        List<Integer> mine = IntStream.range(0, opener.partitions())
                .filter(partition -> partition % self.getNumberOfParallelSubtasks() == self.getIndexOfThisSubtask())
                .boxed()
                .toList();
        Map<Integer, Long> from = new TreeMap<>(positions);
        from.keySet().retainAll(mine);
        RecordFeed opened = opener.open(self.getIndexOfThisSubtask(), mine, from);
        return new ChunkFeed(opened, new FeedTime(opened, idleAfter, now));
    }

    /**
     * Reads what is there.
     *
     * @return whether there may be more at once
     */
    boolean poll(Consumer<FeedRecord> reader, long now) {
        boolean behind = !feed.partitions().stream().allMatch(feed::isCaughtUp);
        List<FeedRecord> records = feed.poll(behind ? BUSY : Duration.ZERO);
        for (FeedRecord record : records) {
            reader.accept(record);
            time.heard(record.partition(), record.timestamp(), now);
        }
        return behind || !records.isEmpty();
    }

    /** Event time now. */
    FeedTime time(long now) {
        time.update(now);
        return time;
    }

    /** Where to go on after a checkpoint. */
    Map<Integer, Long> positions(long checkpoint) {
        Map<Integer, Long> positions = feed.positions();
        uncommitted.put(checkpoint, positions);
        return positions;
    }

    /** Tells the broker, once a checkpoint is complete. */
    void commit(long checkpoint) {
        Map.Entry<Long, Map<Integer, Long>> covered = uncommitted.floorEntry(checkpoint);
        if (covered != null) {
            feed.commit(covered.getValue());
            uncommitted.headMap(checkpoint, true).clear();
        }
    }

    @Override
    public void close() {
        feed.close();
    }
}
