package dev.sotto.coordination.privacy;

import dev.sotto.contracts.Topics;
import dev.sotto.contracts.audit.TranscriptEntry;
import dev.sotto.federation.ConfigurationException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The broker that a ledger is read from: from its beginning to where it ends now, committed records alone. */
final class LedgerBroker {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final String TOPIC = Topics.LEDGER.name();

    @Option(
            names = "--bootstrap",
            required = true,
            paramLabel = "HOST:PORT",
            description = "Read from Kafka: its bootstrap servers.")
    String bootstrap = "";

    @Option(
            names = "--properties",
            paramLabel = "FILE",
            description = "Further properties of the Kafka client, as Java properties.")
    @Nullable
    Path properties;

    @Option(
            names = "--kafka",
            paramLabel = "KEY=VALUE",
            description = "A further property of the Kafka client. May be given several times.")
    Map<String, String> kafka = new HashMap<>();

    /**
     * Hands over every record, in order.
     *
     * @throws ConfigurationException if the topic or the broker is not there, or may not be read
     */
    void read(Consumer<TranscriptEntry> entries) {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(toProperties(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<PartitionInfo> partitions = consumer.partitionsFor(TOPIC);
            int count = partitions == null ? 0 : partitions.size();
            ReleaseOptions.require(
                    count == 1, "the number of partitions of " + TOPIC, count, "1: its order is its meaning");
            TopicPartition partition = new TopicPartition(TOPIC, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    entries.accept(new TranscriptEntry(TOPIC, record.offset(), record.key(), record.value()));
                }
            }
        } catch (KafkaException e) {
            throw new ConfigurationException(
                    "cannot read %s from %s: %s".formatted(TOPIC, bootstrap, e.getMessage()), e);
        }
    }

    private Map<String, Object> toProperties() {
        Map<String, Object> all = new HashMap<>();
        if (properties != null) {
            Properties read = new Properties();
            try (BufferedReader in = Files.newBufferedReader(properties, StandardCharsets.UTF_8)) {
                read.load(in);
            } catch (IOException | IllegalArgumentException e) {
                throw new ConfigurationException("cannot read " + properties + ": " + e.getMessage(), e);
            }
            read.stringPropertyNames().forEach(key -> all.put(key, read.getProperty(key)));
        }
        all.putAll(kafka);
        all.putIfAbsent("default.api.timeout.ms", "15000");
        all.putIfAbsent("request.timeout.ms", "10000");
        all.put("bootstrap.servers", bootstrap);
        all.put("isolation.level", "read_committed");
        all.put("enable.auto.commit", "false");
        all.put("allow.auto.create.topics", "false");
        return all;
    }
}
