package dev.sotto.connect.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.broker.EmbeddedBroker;
import dev.sotto.contracts.TopicAdmin;
import dev.sotto.contracts.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.util.InstantiationUtil;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A feed against a broker: what is committed, from where it was left, and when nothing more can be read. */
class KafkaFeedITCase {
    private static final String TOPIC = Topics.UPDATES.name();
    private static final String GROUP = "sotto-test";

    @TempDir
    Path directory;

    @Test
    void feed_committedAbortedAndOpenTransactions_givesWhatIsCommittedAndGoesOnThere() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("kafka"));
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            new TopicAdmin(admin).createMissing((short) 1);
            int partitions = KafkaRecords.partitions(broker.bootstrap(), TOPIC, Map.of());
            assertThat(partitions).isEqualTo(Topics.UPDATES.partitions());
            FeedOpener opener =
                    InstantiationUtil.clone(KafkaFeed.opener(broker.bootstrap(), TOPIC, partitions, GROUP, Map.of()));
            try (KafkaProducer<byte[], byte[]> site = producer(broker, "site");
                    KafkaProducer<byte[], byte[]> slow = producer(broker, "slow")) {
                send(site, 0, 66);
                site.abortTransaction();
                site.beginTransaction();
                send(site, 0, 1);
                send(site, 1, 2);
                send(site, 2, 3);
                site.commitTransaction();
                site.beginTransaction();
                Map<Integer, Long> positions;
                try (RecordFeed feed = opener.open(0, List.of(0, 2), Map.of())) {
                    assertThat(feed.isCaughtUp(0)).isFalse();
                    assertThat(values(read(feed, 2))).containsExactlyInAnyOrder(1, 3);
                    awaitCaughtUp(feed);
                    send(slow, 0, 4);
                    send(site, 0, 5);
                    site.commitTransaction();
                    // What lies behind an open transaction cannot be read, so there is nothing to wait for.
                    assertThat(feed.poll(Duration.ofMillis(300))).isEmpty();
                    assertThat(feed.isCaughtUp(0)).isTrue();
                    positions = feed.positions();
                    feed.commit(positions);
                    awaitCommitted(feed, admin, positions);
                }
                slow.commitTransaction();
                try (RecordFeed feed = opener.open(0, List.of(0), positions)) {
                    assertThat(values(read(feed, 2))).containsExactly(4, 5);
                }
            }
        }
    }

    @Test
    void feed_ofNoPartition_hasNothing() {
        try (RecordFeed feed =
                KafkaFeed.opener("127.0.0.1:9", TOPIC, 1, GROUP, Map.of()).open(1, List.of(), Map.of())) {
            assertThat(feed.poll(Duration.ofMillis(1))).isEmpty();
        }
    }

    @Test
    void partitions_ofATopicThatIsNotThere_isRefusedByName() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("kafka"))) {
            assertThatThrownBy(() -> KafkaRecords.partitions(broker.bootstrap(), "fl.nowhere", Map.of()))
                    .hasMessageContaining("fl.nowhere");
        }
    }

    private static KafkaProducer<byte[], byte[]> producer(EmbeddedBroker broker, String id) {
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrap(), "transactional.id", id),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
        producer.beginTransaction();
        return producer;
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, int partition, int value) throws Exception {
        producer.send(new ProducerRecord<>(TOPIC, partition, null, new byte[] {(byte) value}))
                .get();
    }

    private static List<FeedRecord> read(RecordFeed feed, int count) {
        List<FeedRecord> records = new ArrayList<>();
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (records.size() < count && System.nanoTime() < end) {
            records.addAll(feed.poll(Duration.ofMillis(100)));
        }
        assertThat(records).hasSize(count);
        return records;
    }

    private static List<Integer> values(List<FeedRecord> records) {
        return records.stream().map(record -> (int) record.copy().value()[0]).toList();
    }

    private static void awaitCaughtUp(RecordFeed feed) {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (!feed.partitions().stream().allMatch(feed::isCaughtUp)) {
            assertThat(System.nanoTime()).isLessThan(end);
            assertThat(feed.poll(Duration.ofMillis(50))).isEmpty();
        }
    }

    private static void awaitCommitted(RecordFeed feed, Admin admin, Map<Integer, Long> positions) throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        for (boolean there = false; !there; ) {
            assertThat(System.nanoTime()).isLessThan(end);
            feed.poll(Duration.ofMillis(100));
            feed.commit(positions);
            var committed = admin.listConsumerGroupOffsets(GROUP)
                    .partitionsToOffsetAndMetadata()
                    .get();
            there = positions.entrySet().stream().allMatch(position -> {
                var offset = committed.get(new TopicPartition(TOPIC, position.getKey()));
                return offset != null && offset.offset() == position.getValue();
            });
        }
    }
}
