package dev.sotto.connect.flink;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Records of fixed partitions of a topic, read by whoever asks, on its own thread. For an operator that must read beside
 * another input: Flink cannot chain a source to a task that has an input from the network as well and still take checkpoints.
 * Not thread-safe.
 */
public interface RecordFeed extends AutoCloseable {
    /**
     * The next records, in order within a partition; empty if none came in time. They are valid for as long as they are held,
     * but what holds one holds all that were fetched with it.
     *
     * @param atMost how long to wait if there is none
     */
    List<FeedRecord> poll(Duration atMost);

    /** Where to go on, by partition: behind the last record that was polled. A partition not begun yet is not named. */
    Map<Integer, Long> positions();

    /** The partitions that are read. */
    List<Integer> partitions();

    /** Whether nothing more can be read of a partition now. */
    boolean isCaughtUp(int partition);

    /** Tells the broker how far a checkpoint covers, for lag monitors alone. */
    void commit(Map<Integer, Long> positions);

    @Override
    void close();
}
