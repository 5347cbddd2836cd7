package dev.sotto.simulation;

import dev.sotto.contracts.TopicSpec;
import dev.sotto.contracts.Topics;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's log as far as the protocol relies on it: partitions that keep their order, the broker's append time, and
 * transactions. A reader sees what is committed, in order, and nothing past the first record of an open transaction.
 * Not thread-safe.
 */
final class Broker {
    /**
     * A record in its place.
     *
     * @param timestamp what readers are told, normally the append time
     * @param appended when it was really appended
     */
    record Entry(
            TopicPartition place,
            long offset,
            long timestamp,
            long appended,
            byte[] key,
            byte[] value,
            Transaction in) {
        String topic() {
            return place.topic();
        }

        boolean visible() {
            return in.state == Transaction.State.COMMITTED;
        }
    }

    /** Records that become visible together or never. */
    static final class Transaction {
        enum State {
            OPEN,
            COMMITTED,
            ABORTED
        }

        final String producer;
        private final Set<TopicPartition> touched = new TreeSet<>(Broker::compare);
        private final List<Entry> entries = new ArrayList<>();
        private State state = State.OPEN;

        private Transaction(String producer) {
            this.producer = producer;
        }

        boolean open() {
            return state == State.OPEN;
        }
    }

    private final Clock clock;
    private final Map<TopicPartition, List<Entry>> partitions = new TreeMap<>(Broker::compare);
    private final Map<String, List<TopicPartition>> topics = new HashMap<>();
    private final Map<String, Transaction> running = new HashMap<>();
    private final List<Consumer<TopicPartition>> movement = new ArrayList<>();
    private final List<Consumer<Entry>> watchers = new ArrayList<>();

    /** Whether readers are told the producer's own time instead of the broker's. */
    private boolean createTime;

    Broker(Clock clock) {
        this.clock = clock;
        for (TopicSpec topic : Topics.all()) {
            List<TopicPartition> places = new ArrayList<>();
            for (int partition = 0; partition < topic.partitions(); partition++) {
                places.add(new TopicPartition(topic.name(), partition));
            }
            places.forEach(place -> partitions.put(place, new ArrayList<>()));
            topics.put(topic.name(), List.copyOf(places));
        }
    }

    private static int compare(TopicPartition a, TopicPartition b) {
        int byTopic = a.topic().compareTo(b.topic());
        return byTopic != 0 ? byTopic : Integer.compare(a.partition(), b.partition());
    }

    /** Breaks the broker: it believes what producers say about the time. */
    void believeProducers() {
        createTime = true;
    }

    /** Called with a partition whose readers may get further. */
    void onMovement(Consumer<TopicPartition> reader) {
        movement.add(reader);
    }

    /** Called with every record when it becomes visible, in the order of its partition. */
    void onVisible(Consumer<Entry> watcher) {
        watchers.add(watcher);
    }

    List<TopicPartition> partitionsOf(TopicSpec topic) {
        return topics.get(topic.name());
    }

    /** Begins a transaction; one that the same producer left open is aborted, as by its epoch. */
    Transaction begin(String producer) {
        Transaction left = running.get(producer);
        if (left != null) {
            abort(left);
        }
        Transaction fresh = new Transaction(producer);
        running.put(producer, fresh);
        return fresh;
    }

    /** Appends under the key's partition. */
    Entry append(Transaction in, String topic, byte[] key, byte[] value, long producerTime) {
        List<TopicPartition> places = topics.get(topic);
        TopicPartition place = places.get(Utils.toPositive(Utils.murmur2(key)) % places.size());
        return append(in, place, key, value, producerTime);
    }

    Entry append(Transaction in, TopicPartition place, byte[] key, byte[] value, long producerTime) {
        if (!in.open()) {
            throw new IllegalStateException("the transaction of " + in.producer + " is " + in.state);
        }
        List<Entry> log = partitions.get(place);
        long now = clock.millis();
        Entry entry = new Entry(place, log.size(), createTime ? producerTime : now, now, key, value, in);
        log.add(entry);
        in.touched.add(place);
        in.entries.add(entry);
        return entry;
    }

    /** Appends outside of any transaction. */
    Entry append(TopicPartition place, byte[] key, byte[] value) {
        Transaction alone = new Transaction("");
        Entry entry = append(alone, place, key, value, clock.millis());
        commit(alone);
        return entry;
    }

    Entry append(String topic, byte[] key, byte[] value) {
        Transaction alone = new Transaction("");
        Entry entry = append(alone, topic, key, value, clock.millis());
        commit(alone);
        return entry;
    }

    void commit(Transaction transaction) {
        decide(transaction, Transaction.State.COMMITTED);
    }

    /** Aborts; nothing if it is decided already. */
    void abort(Transaction transaction) {
        if (transaction.open()) {
            decide(transaction, Transaction.State.ABORTED);
        }
    }

    private void decide(Transaction transaction, Transaction.State state) {
        if (!transaction.open()) {
            throw new IllegalStateException("the transaction of " + transaction.producer + " is " + transaction.state);
        }
        transaction.state = state;
        running.remove(transaction.producer, transaction);
        if (state == Transaction.State.COMMITTED) {
            transaction.entries.forEach(entry -> watchers.forEach(watcher -> watcher.accept(entry)));
        }
        transaction.touched.forEach(place -> movement.forEach(reader -> reader.accept(place)));
    }

    /**
     * The first committed record at or after an offset, or null if there is none before the end or an open transaction.
     */
    @Nullable
    Entry next(TopicPartition place, long offset) {
        List<Entry> log = partitions.get(place);
        for (int at = (int) offset; at < log.size(); at++) {
            Entry entry = log.get(at);
            if (entry.in().open()) {
                return null;
            }
            if (entry.visible()) {
                return entry;
            }
        }
        return null;
    }

    /** Everything in a topic that was ever committed, by partition and offset. */
    List<Entry> committed(TopicSpec topic) {
        List<Entry> all = new ArrayList<>();
        for (TopicPartition place : partitionsOf(topic)) {
            partitions.get(place).stream().filter(Entry::visible).forEach(all::add);
        }
        return all;
    }
}
