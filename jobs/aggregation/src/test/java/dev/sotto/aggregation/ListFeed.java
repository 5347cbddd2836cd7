package dev.sotto.aggregation;

import dev.sotto.connect.flink.FeedOpener;
import dev.sotto.connect.flink.FeedRecord;
import dev.sotto.connect.flink.RawRecord;
import dev.sotto.connect.flink.RecordFeed;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
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
    public List<FeedRecord> poll(Duration atMost) {
        List<FeedRecord> polled = records.stream().map(ListFeed::amongOthers).toList();
        records.clear();
        polled.forEach(record -> positions.put(record.partition(), record.offset() + 1));
        return polled;
    }

    /** As fetched: the value lies somewhere inside a buffer. */
    private static FeedRecord amongOthers(RawRecord record) {
        int before = 7;
        byte[] buffer = new byte[before + record.value().length + 9];
        Arrays.fill(buffer, (byte) 99);
        System.arraycopy(record.value(), 0, buffer, before, record.value().length);
        return new FeedRecord(
                record.topic(),
                record.partition(),
                record.offset(),
                record.timestamp(),
                record.key(),
                buffer,
                before,
                record.value().length);
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
