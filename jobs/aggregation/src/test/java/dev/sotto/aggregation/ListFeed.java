package dev.sotto.aggregation;

import dev.sotto.connect.flink.FeedOpener;
import dev.sotto.connect.flink.RawRecord;
import dev.sotto.connect.flink.RecordFeed;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Records that a test hands in, for tests of one combiner. */
final class ListFeed implements RecordFeed {
    private final Deque<RawRecord> records = new ArrayDeque<>();
    private final List<Integer> partitions;
    private final Map<Integer, Long> positions;

    private ListFeed(List<Integer> partitions, Map<Integer, Long> positions) {
        this.partitions = List.copyOf(partitions);
        this.positions = new TreeMap<>(positions);
    }

    /** Opens feeds of so many partitions and keeps the newest one. */
    static final class Opener implements FeedOpener {
        private static final long serialVersionUID = 1L;

        private final int partitions;
        private transient ListFeed newest;

        Opener(int partitions) {
            this.partitions = partitions;
        }

        @Override
        public int partitions() {
            return partitions;
        }

        @Override
        public RecordFeed open(int subtask, List<Integer> mine, Map<Integer, Long> from) {
            newest = new ListFeed(mine, from);
            return newest;
        }

        ListFeed newest() {
            return newest;
        }
    }

    void add(RawRecord record) {
        records.add(record);
    }

    @Override
    public List<RawRecord> poll(Duration atMost) {
        List<RawRecord> polled = new ArrayList<>(records);
        records.clear();
        polled.forEach(record -> positions.put(record.partition(), record.offset() + 1));
        return polled;
    }

    @Override
    public Map<Integer, Long> positions() {
        return new TreeMap<>(positions);
    }

    @Override
    public List<Integer> partitions() {
        return partitions;
    }

    @Override
    public boolean isCaughtUp(int partition) {
        return records.isEmpty();
    }

    @Override
    public void commit(Map<Integer, Long> covered) {}

    @Override
    public void close() {}
}
