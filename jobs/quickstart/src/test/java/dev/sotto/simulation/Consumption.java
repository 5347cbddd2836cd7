package dev.sotto.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * A server's reading of partitions: each at its own pace, in order, one or a few records at a time, from the offsets of its
 * last checkpoint after a restart. Not thread-safe.
 */
final class Consumption {
    /** Takes a record. */
    interface Taker {
        void take(Broker.Entry entry) throws Exception;
    }

    private final Simulation simulation;
    private final Faults faults;
    private final Broker broker;
    private final Taker taker;
    private final List<TopicPartition> places;
    private final Map<TopicPartition, Long> offsets = new HashMap<>();
    private final Map<TopicPartition, Boolean> scheduled = new HashMap<>();
    private int incarnation;
    private boolean running;

    Consumption(Simulation simulation, Faults faults, Broker broker, List<TopicPartition> places, Taker taker) {
        this.simulation = simulation;
        this.faults = faults;
        this.broker = broker;
        this.places = new ArrayList<>(places);
        this.taker = taker;
        broker.onMovement(this::moved);
    }

    /** Where it stands in every partition. */
    Map<TopicPartition, Long> offsets() {
        return Map.copyOf(offsets);
    }

    void start(Map<TopicPartition, Long> from) {
        incarnation++;
        running = true;
        offsets.clear();
        scheduled.clear();
        offsets.putAll(from);
        places.forEach(this::moved);
    }

    void stop() {
        running = false;
        incarnation++;
    }

    private void moved(TopicPartition place) {
        if (!running
                || !places.contains(place)
                || scheduled.getOrDefault(place, false)
                || broker.next(place, offsets.getOrDefault(place, 0L)) == null) {
            return;
        }
        scheduled.put(place, true);
        int scheduledIn = incarnation;
        simulation.after(faults.latency(simulation), () -> {
            if (incarnation == scheduledIn) {
                scheduled.put(place, false);
                read(place, 1 + simulation.random().nextInt(4), scheduledIn);
                moved(place);
            }
        });
    }

    private void read(TopicPartition place, int most, int within) throws Exception {
        for (int i = 0; i < most && incarnation == within; i++) {
            Broker.Entry entry = broker.next(place, offsets.getOrDefault(place, 0L));
            if (entry == null) {
                return;
            }
            offsets.put(place, entry.offset() + 1);
            taker.take(entry);
        }
    }

    @Override
    public String toString() {
        Map<String, Long> sorted = new TreeMap<>();
        offsets.forEach((place, offset) -> sorted.put(place.toString(), offset));
        return sorted.toString();
    }
}
