package dev.sotto.simulation;

import dev.sotto.connect.flink.FeedRecord;
import dev.sotto.connect.flink.RecordFeed;
import dev.sotto.contracts.Topics;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/** Chunks as a combiner polls them: what has been fetched of its partitions by now, a few at a time. Not thread-safe. */
final class SimulatedFeed implements RecordFeed {
    /** Told that there is something to poll. */
    interface Fetched {
        void tell() throws Exception;
    }

    private static final int MOST = 4;

    private final Simulation simulation;
    private final List<Integer> partitions;
    private final Map<Integer, Long> positions;
    private final Map<Integer, Deque<FeedRecord>> fetched = new TreeMap<>();
    private final List<FeedRecord> handedOut = new ArrayList<>();
    private final Consumption consumption;

    SimulatedFeed(
            Simulation simulation,
            Faults faults,
            Broker broker,
            List<Integer> partitions,
            Map<Integer, Long> positions,
            Fetched listener) {
        this.simulation = simulation;
        this.partitions = List.copyOf(partitions);
        this.positions = new TreeMap<>(positions);
        List<TopicPartition> places = new ArrayList<>();
        Map<TopicPartition, Long> from = new HashMap<>();
        for (TopicPartition place : broker.partitionsOf(Topics.UPDATES)) {
            if (partitions.contains(place.partition())) {
                places.add(place);
                fetched.put(place.partition(), new ArrayDeque<>());
                from.put(place, positions.getOrDefault(place.partition(), 0L));
            }
        }
        this.consumption = new Consumption(simulation, faults, broker, places, entry -> {
            TopicPartition place = entry.place();
            fetched.get(place.partition())
                    .add(new FeedRecord(
                            place.topic(),
                            place.partition(),
                            entry.offset(),
                            entry.timestamp(),
                            entry.key(),
                            entry.value().clone(),
                            0,
                            entry.value().length));
            listener.tell();
        });
        consumption.start(from);
    }

    void stop() {
        consumption.stop();
    }

    @Override
    public List<FeedRecord> poll(Duration atMost) {
        // What lies in a buffer may be overwritten once the next records are fetched.
        handedOut.forEach(record -> Arrays.fill(record.buffer(), (byte) 0));
        handedOut.clear();
        List<FeedRecord> polled = new ArrayList<>();
        int most = 1 + simulation.random().nextInt(MOST);
        fetched.forEach((partition, queue) -> {
            while (polled.size() < most && !queue.isEmpty()) {
                FeedRecord record = queue.remove();
                positions.put(partition, record.offset() + 1);
                polled.add(record);
            }
        });
        handedOut.addAll(polled);
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
        return fetched.get(partition).isEmpty();
    }

    @Override
    public void commit(Map<Integer, Long> covered) {
        // Lag monitors are not simulated.
    }

    @Override
    public void close() {
        consumption.stop();
    }
}
