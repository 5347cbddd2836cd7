package dev.sotto.connect.flink;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteBufferDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A feed from Kafka: committed records only, as {@link KafkaRecords} reads them; values are not copied out of the fetched
 * buffers. Not thread-safe.
 */
public final class KafkaFeed implements RecordFeed {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaFeed.class);
    private static final byte[] NOTHING = {};

    /** A poll gives what is fetched; so many records at once keep whoever asks from its other work only shortly. */
    private static final int POLL_RECORDS = 64;

    private final String topic;
    private final KafkaConsumer<byte[], ByteBuffer> consumer;
    private final List<Integer> partitions;
    private final Map<Integer, Long> positions;

    private KafkaFeed(
            String topic,
            KafkaConsumer<byte[], ByteBuffer> consumer,
            List<Integer> partitions,
            Map<Integer, Long> positions) {
        this.topic = topic;
        this.consumer = consumer;
        this.partitions = List.copyOf(partitions);
        this.positions = new TreeMap<>(positions);
    }

    /**
     * An opener of feeds of one topic.
     *
     * @param bootstrap bootstrap servers
     * @param topic the topic
     * @param partitions its partitions
     * @param groupId the consumer group, also the prefix of client ids
     * @param properties more consumer properties, for example security; the isolation level is not one of them
     */
    public static FeedOpener opener(
            String bootstrap, String topic, int partitions, String groupId, Map<String, String> properties) {
        return new Opener(bootstrap, topic, partitions, groupId, new HashMap<>(properties));
    }

    private record Opener(
            String bootstrap, String topic, int partitions, String groupId, Map<String, String> properties)
            implements FeedOpener {
        @Override
        public RecordFeed open(int subtask, List<Integer> mine, Map<Integer, Long> positions) {
            Map<String, Object> all = new HashMap<>(KafkaRecords.consumer(properties));
            all.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
            all.put(ConsumerConfig.GROUP_ID_CONFIG, groupId);
            all.put(ConsumerConfig.CLIENT_ID_CONFIG, groupId + "-" + topic + "-" + subtask);
            all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
            all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
            all.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLL_RECORDS);
            KafkaConsumer<byte[], ByteBuffer> consumer =
                    new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteBufferDeserializer());
            KafkaFeed feed = new KafkaFeed(topic, consumer, mine, positions);
            feed.start();
            return feed;
        }
    }

    private void start() {
        List<TopicPartition> assigned = partitions.stream().map(this::of).toList();
        consumer.assign(assigned);
        for (TopicPartition partition : assigned) {
            Long position = positions.get(partition.partition());
            if (position == null) {
                consumer.seekToBeginning(List.of(partition));
            } else {
                consumer.seek(partition, position);
            }
        }
    }

    private TopicPartition of(int partition) {
        return new TopicPartition(topic, partition);
    }

    @Override
    public List<FeedRecord> poll(Duration atMost) {
        if (partitions.isEmpty()) {
            return List.of();
        }
        var polled = consumer.poll(atMost);
        polled.nextOffsets().forEach((partition, next) -> positions.put(partition.partition(), next.offset()));
        List<FeedRecord> records = new ArrayList<>(polled.count());
        for (ConsumerRecord<byte[], ByteBuffer> record : polled) {
            records.add(of(record));
        }
        return records;
    }

    private static FeedRecord of(ConsumerRecord<byte[], ByteBuffer> record) {
        ByteBuffer value = record.value();
        boolean inArray = value != null && value.hasArray();
        byte[] buffer = inArray ? value.array() : bytes(value);
        return new FeedRecord(
                record.topic(),
                record.partition(),
                record.offset(),
                record.timestamp(),
                record.key(),
                buffer,
                inArray ? value.arrayOffset() + value.position() : 0,
                inArray ? value.remaining() : buffer.length);
    }

    private static byte[] bytes(@Nullable ByteBuffer value) {
        if (value == null) {
            return NOTHING;
        }
        byte[] bytes = new byte[value.remaining()];
        value.duplicate().get(bytes);
        return bytes;
    }

    @Override
    public Map<Integer, Long> positions() {
        return new TreeMap<>(positions);
    }

    @Override
    public List<Integer> partitions() {
        return partitions;
    }

    @Override
    public boolean isCaughtUp(int partition) {
        return consumer.currentLag(of(partition)).orElse(Long.MAX_VALUE) == 0;
    }

    @Override
    public void commit(Map<Integer, Long> covered) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        covered.forEach((partition, position) -> offsets.put(of(partition), new OffsetAndMetadata(position)));
        consumer.commitAsync(offsets, (committed, problem) -> {
            if (problem instanceof RetriableException) {
                LOG.debug("offsets of {} are reported with the next checkpoint: {}", topic, problem.toString());
            } else if (problem != null) {
                LOG.warn("offsets of {} are not reported to lag monitors: {}", topic, problem.toString());
            }
        });
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
}
