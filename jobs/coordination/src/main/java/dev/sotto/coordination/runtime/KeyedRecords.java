package dev.sotto.coordination.runtime;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * A consumer interceptor for the runtime's ingress: a record without a key gets {@value #NO_KEY}, one without a value an
 * empty one.
 *
 * <p>The runtime fails its job on a missing key or value, restarts, reads the record again and fails again: one such record
 * by anybody who may write to a topic would stop coordination for good. With this in front, the function that reads it
 * refuses it like any other.
 *
 * <p>Of the topics named by {@value #BY_TASK} the key is cut to what stands in front of its first slash, the task: one function
 * then reads all of a task's records, in the order of the topic.
 *
 * <p>Runs inside the runtime's process, on its class path alone: uses nothing but what its Kafka client and ours share.
 */
public final class KeyedRecords implements ConsumerInterceptor<byte[], byte[]> {
    /** No site, task or round can have this name. */
    public static final String NO_KEY = "-";

    /** A property of the consumer: the topics whose keys are cut, separated by commas. */
    public static final String BY_TASK = "sotto.keyed.by.task";

    private Set<String> byTask = Set.of();

    @Override
    @SuppressWarnings("deprecation") // The other constructor is missing from the runtime's older client.
    public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> whole = new HashMap<>();
        for (TopicPartition partition : records.partitions()) {
            List<ConsumerRecord<byte[], byte[]>> mended = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record : records.records(partition)) {
                boolean cut = byTask.contains(partition.topic());
                mended.add(cut || record.key() == null || record.value() == null ? mend(record, cut) : record);
            }
            whole.put(partition, mended);
        }
        return new ConsumerRecords<>(whole);
    }

    private static ConsumerRecord<byte[], byte[]> mend(ConsumerRecord<byte[], byte[]> record, boolean cut) {
        byte[] given = record.key() == null ? NO_KEY.getBytes(StandardCharsets.UTF_8) : record.key();
        byte[] key = cut ? task(given) : given;
        byte[] value = record.value() == null ? new byte[0] : record.value();
        Optional<Integer> epoch = record.leaderEpoch();
        return new ConsumerRecord<>(
                record.topic(),
                record.partition(),
                record.offset(),
                record.timestamp(),
                record.timestampType(),
                key.length,
                value.length,
                key,
                value,
                record.headers(),
                epoch);
    }

    private static byte[] task(byte[] key) {
        int end = 0;
        while (end < key.length && key[end] != '/') {
            end++;
        }
        return end == 0 ? NO_KEY.getBytes(StandardCharsets.UTF_8) : Arrays.copyOf(key, end);
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

    @Override
    public void configure(Map<String, ?> properties) {
        Object topics = properties.get(BY_TASK);
        byTask = topics == null ? Set.of() : Set.of(topics.toString().split(","));
    }

    @Override
    public void close() {}
}
