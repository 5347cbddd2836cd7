package dev.sotto.site;

import dev.sotto.contracts.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.WakeupException;

/**
 * The transcript from Kafka: the one partition of {@code fl.rounds}, assigned by hand. Without a group there is no
 * heartbeat to miss, so training may take as long as it takes.
 */
final class KafkaTranscript implements TranscriptSource {
    private static final TopicPartition PARTITION = new TopicPartition(Topics.ROUNDS.name(), 0);

    private final KafkaConsumer<byte[], byte[]> consumer;

    KafkaTranscript(KafkaProperties properties, long offset) {
        this.consumer = new KafkaConsumer<>(properties.consumer());
        consumer.assign(List.of(PARTITION));
        consumer.seek(PARTITION, offset);
    }

    @Override
    public List<Entry> poll(Duration timeout) {
        List<Entry> entries = new ArrayList<>();
        try {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(timeout)) {
                // A compacted topic may hold tombstones.
                if (record.value() != null) {
                    entries.add(new Entry(record.offset(), record.value()));
                }
            }
        } catch (WakeupException e) {
            return List.of();
        } catch (AuthorizationException | AuthenticationException e) {
            throw new BrokerException("the broker refuses this site: " + e.getMessage(), e);
        }
        return entries;
    }

    @Override
    public boolean atEnd() {
        OptionalLong lag = consumer.currentLag(PARTITION);
        return lag.isPresent() && lag.getAsLong() == 0;
    }

    @Override
    public void wakeup() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
