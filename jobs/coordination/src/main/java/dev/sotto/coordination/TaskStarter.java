package dev.sotto.coordination;

import dev.sotto.contracts.EnvelopeSigner;
import dev.sotto.contracts.RecordKeys;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.ModelAnnounced;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.ModelStore;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import dev.sotto.secagg.IdentityKeyPair;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Starts tasks: writes a task's version 0 and announces it, signed by the operator. Coordination takes it from there. */
public final class TaskStarter {
    private static final Duration POLL = Duration.ofMillis(500);

    private final Map<String, Object> kafka;
    private final IdentityKeyPair operator;

    /**
     * A starter.
     *
     * @param kafka properties of the clients, {@code bootstrap.servers} among them
     */
    public TaskStarter(Map<String, Object> kafka, IdentityKeyPair operator) {
        this.kafka = Map.copyOf(kafka);
        this.operator = operator;
    }

    /**
     * Starts a task.
     *
     * @param seed of the adapter's random entries; no secret, and the same seed gives the same model
     * @return where version 0 lies
     * @throws IllegalStateException if the task has a model already
     * @throws IOException if the store or the broker refuses
     */
    public URI start(TaskDefinition task, ModelStore store, long seed) throws IOException, InterruptedException {
        byte[] key = RecordKeys.task(task.id());
        if (hasModel(key)) {
            throw new IllegalStateException(
                    "task %s has a model in %s already; a fresh start is a task with another name"
                            .formatted(task.task(), Topics.MODELS.name()));
        }
        Checkpoint initial = Checkpoint.initial(task, seed);
        URI location = store.put(initial);
        ModelAnnounced announced = ModelAnnounced.newBuilder()
                .setVersion(0)
                .setRound(0)
                .setLocation(location.toString())
                .setSha256(ByteBuffer.wrap(initial.sha256()))
                .setParent(ByteBuffer.allocate(0))
                .setSurvivors(List.of())
                .setRho(0)
                .setEpsilon(0)
                .setDelta(task.privacy().delta())
                .setAggregateHash(ByteBuffer.allocate(0))
                .build();
        byte[] value = new EnvelopeSigner(Trust.OPERATOR, operator)
                .sealBytes(task.id(), Kind.MODEL, TranscriptPosition.START, announced);
        Map<String, Object> properties = new HashMap<>(kafka);
        properties.put("acks", "all");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(Topics.MODELS.name(), key, value))
                    .get();
        } catch (ExecutionException e) {
            throw new IOException(
                    "version 0 lies at %s but could not be announced: %s".formatted(location, e.getCause()), e);
        }
        return location;
    }

    private boolean hasModel(byte[] key) {
        Map<String, Object> properties = new HashMap<>(kafka);
        properties.put("isolation.level", "read_committed");
        properties.put("enable.auto.commit", "false");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.MODELS.name()).stream()
                    .map(TaskStarter::partition)
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (Arrays.equals(record.key(), key)) {
                        return true;
                    }
                }
            }
            return false;
        }
    }

    private static TopicPartition partition(PartitionInfo info) {
        return new TopicPartition(info.topic(), info.partition());
    }
}
