package dev.sotto.aggregation.process;

import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.avro.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The committed records of a topic, from its beginning; every signature is checked. */
public final class SignedTopic implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(180);

    private final EnvelopeVerifier verifier;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<SignedRecord> records = new ArrayList<>();

    public SignedTopic(String bootstrap, String topic, EnvelopeVerifier verifier) {
        this.verifier = verifier;
        this.consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Waits until there are as many records of a kind, and returns all there are of it. */
    public List<SignedRecord> await(Kind kind, int count) throws RejectedRecordException {
        return await(kind, record -> true, count);
    }

    /** Waits until as many records of a kind match, and returns all that do. */
    public List<SignedRecord> await(Kind kind, Predicate<SignedRecord> matches, int count)
            throws RejectedRecordException {
        readUntil(
                "%d of %s".formatted(count, kind),
                () -> of(kind).stream().filter(matches).count() >= count);
        return of(kind).stream().filter(matches).toList();
    }

    /** All records of a kind up to what is committed now. */
    public List<SignedRecord> now(Kind kind) throws RejectedRecordException {
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        readUntil("the end", () -> ends.entrySet().stream()
                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue()));
        return of(kind);
    }

    private List<SignedRecord> of(Kind kind) {
        return records.stream().filter(record -> record.kind() == kind).toList();
    }

    private void readUntil(String what, BooleanSupplier holds) throws RejectedRecordException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError(
                        "not within %s: %s in %s, which has %s".formatted(LIMIT, what, consumer.assignment(), records));
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                records.add(verifier.open(record.value()));
            }
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
