package dev.sotto.scoring;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sotto.contracts.TopicAdmin;
import dev.sotto.contracts.TopicSpec;
import dev.sotto.contracts.Topics;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What surrounds the job in tests: its files, a producer, and everything it has written so far, committed only. */
final class TestJob implements AutoCloseable {
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<String, List<byte[]>> read = new HashMap<>();

    TestJob(String bootstrap) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            new TopicAdmin(admin).createMissing((short) 1);
        }
        producer = producer(bootstrap, Map.of());
        consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", bootstrap,
                        "auto.offset.reset", "earliest",
                        "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = new ArrayList<>();
        for (TopicSpec topic : Topics.all()) {
            if (topic.equals(Topics.SCORED)
                    || topic.equals(Topics.ALERTS)
                    || topic.equals(Topics.RELEASED)
                    || topic.name().endsWith(".dlq")) {
                for (int i = 0; i < topic.partitions(); i++) {
                    partitions.add(new TopicPartition(topic.name(), i));
                }
            }
        }
        consumer.assign(partitions);
    }

    static KafkaProducer<byte[], byte[]> producer(String bootstrap, Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(Map.of("bootstrap.servers", bootstrap, "acks", "all"));
        properties.putAll(more);
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    KafkaProducer<byte[], byte[]> producer() {
        return producer;
    }

    /** All values of a topic that were committed until now. */
    List<byte[]> values(String topic) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
            read.computeIfAbsent(record.topic(), absent -> new ArrayList<>()).add(record.value());
        }
        return List.copyOf(read.getOrDefault(topic, List.of()));
    }

    /** Everything the job has written so far, by topic. */
    Map<String, List<byte[]>> everything() {
        values(Topics.SCORED.name());
        return Map.copyOf(read);
    }

    /** Writes the job's files and returns the options that name them. */
    static List<String> files(Path directory) throws IOException {
        Path task = directory.resolve("task.yaml");
        try (InputStream in = TestJob.class.getResourceAsStream("/task.yaml")) {
            Files.write(task, in.readAllBytes());
        }
        // JSON is YAML.
        Path trust = directory.resolve("trust.yaml");
        new ObjectMapper().writeValue(trust.toFile(), TestModels.TRUST);
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        Path key = Files.write(directory.resolve("key"), bytes);
        Path models = Files.createDirectories(directory.resolve("models"));
        return List.of(
                "--scoring.task.file", task.toString(),
                "--scoring.trust.file", trust.toString(),
                "--scoring.anonymization.key-file", key.toString(),
                "--scoring.model.store", models.toUri().toString());
    }

    @Override
    public void close() {
        producer.close();
        consumer.close();
    }
}
