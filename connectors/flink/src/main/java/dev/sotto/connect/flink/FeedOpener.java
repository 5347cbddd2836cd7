package dev.sotto.connect.flink;

import java.io.Serializable;
import java.util.List;
import java.util.Map;

/** Opens a feed where an operator runs; travels with the job graph. */
public interface FeedOpener extends Serializable {
    /** The topic's partitions. */
    int partitions();

    /**
     * Opens a feed.
     *
     * @param subtask who reads, for names in logs and metrics
     * @param partitions what it reads
     * @param positions where to go on; a partition without one is read from its beginning
     */
    RecordFeed open(int subtask, List<Integer> partitions, Map<Integer, Long> positions);
}
