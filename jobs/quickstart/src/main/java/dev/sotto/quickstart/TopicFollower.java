package dev.sotto.quickstart;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads topics from their beginning, committed records alone, on a thread of its own. */
final class TopicFollower implements AutoCloseable {
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Thread thread;

    TopicFollower(String bootstrap, List<String> topics, Consumer<ConsumerRecord<byte[], byte[]>> records) {
        this.thread = new Thread(() -> run(bootstrap, topics, records), "follow-" + String.join(",", topics));
        thread.setDaemon(true);
        thread.start();
    }

    private void run(String bootstrap, List<String> topics, Consumer<ConsumerRecord<byte[], byte[]>> records) {
        Map<String, Object> properties = Map.of(
                "bootstrap.servers", bootstrap, "isolation.level", "read_committed", "auto.offset.reset", "earliest");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = topics.stream()
                    .flatMap(topic -> consumer.partitionsFor(topic).stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (!stopped.get()) {
                consumer.poll(Duration.ofMillis(200)).forEach(records);
            }
        }
    }

    @Override
    public void close() {
        stopped.set(true);
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
