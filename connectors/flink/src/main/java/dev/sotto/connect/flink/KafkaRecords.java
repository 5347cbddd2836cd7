package dev.sotto.connect.flink;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/**
 * Sources of raw records: committed ones only, from the earliest offset unless a checkpoint says otherwise. Offsets are
 * committed to the group at checkpoints for lag monitors alone; a job goes on from its checkpoint. Stateless.
 */
public final class KafkaRecords {
    private static final int FETCH_BYTES = 8 * 1024 * 1024;

    private KafkaRecords() {}

    /**
     * A source of one topic.
     *
     * @param bootstrap bootstrap servers, {@code host:port} separated by commas
     * @param groupId the consumer group, also the prefix of client ids
     * @param properties more consumer properties, for example security; the isolation level is not one of them
     */
    public static KafkaSource<RawRecord> source(
            String bootstrap, String topic, String groupId, Map<String, String> properties) {
        return source(bootstrap, List.of(topic), groupId, properties);
    }

    /** A source of several topics, read as one stream; as {@link #source(String, String, String, Map)}. */
    public static KafkaSource<RawRecord> source(
            String bootstrap, List<String> topics, String groupId, Map<String, String> properties) {
        if (topics.isEmpty()) {
            throw new IllegalArgumentException("a source reads at least one topic, got none");
        }
        KafkaSourceBuilder<RawRecord> builder = KafkaSource.<RawRecord>builder()
                .setBootstrapServers(bootstrap)
                .setTopics(topics)
                .setGroupId(groupId)
                .setClientIdPrefix(groupId + "-" + topics.get(0))
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setDeserializer(new RawRecordDeserializer());
        consumer(properties).forEach(builder::setProperty);
        return builder.build();
    }

    /** The properties of everything that reads raw records. */
    static Map<String, String> consumer(Map<String, String> properties) {
        Map<String, String> all = new HashMap<>();
        all.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, Integer.toString(FETCH_BYTES));
        all.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Integer.toString(FETCH_BYTES));
        all.putAll(properties);
        // Last, so that nothing can make half an upload visible.
        all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        return all;
    }

    /**
     * How many partitions a topic has now.
     *
     * @param properties as {@link #source(String, String, String, Map)} takes them
     * @throws IllegalStateException if the broker does not say
     */
    public static int partitions(String bootstrap, String topic, Map<String, String> properties) {
        Map<String, Object> client = new HashMap<>(properties);
        client.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        try (Admin admin = Admin.create(client)) {
            return admin.describeTopics(List.of(topic))
                    .topicNameValues()
                    .values()
                    .iterator()
                    .next()
                    .get()
                    .partitions()
                    .size();
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "cannot find topic %s at %s; is it created, and may this principal describe it?"
                            .formatted(topic, bootstrap),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking for the partitions of " + topic, e);
        }
    }
}
