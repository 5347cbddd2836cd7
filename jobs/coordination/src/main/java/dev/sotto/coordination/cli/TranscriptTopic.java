package dev.sotto.coordination.cli;

import dev.sotto.contracts.TopicSpec;
import dev.sotto.contracts.audit.TranscriptEntry;
import dev.sotto.federation.ConfigurationException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a topic of one partition from its beginning to where it ends now, committed records alone. */
final class TranscriptTopic {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final String PATIENCE_MS = "15000";

    private final Map<String, Object> properties;

    TranscriptTopic(Map<String, Object> properties) {
        this.properties = new HashMap<>(properties);
        this.properties.putIfAbsent("default.api.timeout.ms", PATIENCE_MS);
        this.properties.putIfAbsent("request.timeout.ms", "10000");
        this.properties.put("isolation.level", "read_committed");
        this.properties.put("enable.auto.commit", "false");
        this.properties.put("allow.auto.create.topics", "false");
    }

    /**
     * Hands over every record, in order.
     *
     * @throws ConfigurationException if the topic or the broker is not there, or may not be read
     */
    void read(TopicSpec topic, TranscriptProgress progress, Consumer<TranscriptEntry> entries) {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition partition = partition(consumer, topic);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            progress.begin(Math.max(0, end - consumer.position(partition)));
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    entries.accept(new TranscriptEntry(topic.name(), record.offset(), record.key(), record.value()));
                    progress.advance();
                }
            }
        } catch (KafkaException e) {
            throw new ConfigurationException(
                    "cannot read %s from %s: %s"
                            .formatted(topic.name(), properties.get("bootstrap.servers"), e.getMessage()),
                    e);
        }
    }

    private static TopicPartition partition(KafkaConsumer<byte[], byte[]> consumer, TopicSpec topic) {
        List<PartitionInfo> partitions = consumer.partitionsFor(topic.name());
        int count = partitions == null ? 0 : partitions.size();
        if (count != 1) {
            throw new ConfigurationException(
                    "topic %s has %d partitions; it must have one, since its order is its meaning"
                            .formatted(topic.name(), count));
        }
        return new TopicPartition(topic.name(), 0);
    }
}
