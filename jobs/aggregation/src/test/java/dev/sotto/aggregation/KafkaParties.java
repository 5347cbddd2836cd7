package dev.sotto.aggregation;

import dev.sotto.aggregation.process.SignedTopic;
import dev.sotto.broker.EmbeddedBroker;
import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.contracts.RecordKeys;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.TopicAdmin;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.avro.DeadLetter;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.secagg.ChunkIndex;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A broker with the catalogue's topics, and the sites and coordination of a federation as real Kafka clients. */
final class KafkaParties implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final EmbeddedBroker broker;
    private final TestFederation federation;
    private final KafkaProducer<byte[], byte[]> coordination;
    private final Map<SiteId, KafkaProducer<byte[], byte[]>> sites = new HashMap<>();
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor();

    KafkaParties(Path directory, TestFederation federation) throws Exception {
        this.broker = EmbeddedBroker.start(directory);
        this.federation = federation;
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            new TopicAdmin(admin).createMissing((short) 1);
        }
        coordination = new KafkaProducer<>(producer(), new ByteArraySerializer(), new ByteArraySerializer());
        ticker.scheduleAtFixedRate(this::tick, 0, 200, TimeUnit.MILLISECONDS);
    }

    private Map<String, Object> producer() {
        Map<String, Object> properties = new HashMap<>();
        properties.put("bootstrap.servers", broker.bootstrap());
        properties.put("max.request.size", 8 * 1024 * 1024);
        return properties;
    }

    private void tick() {
        byte[] tick = federation.tick(System.currentTimeMillis());
        for (int partition = 0; partition < Topics.MANIFESTS.partitions(); partition++) {
            coordination.send(new ProducerRecord<>(Topics.MANIFESTS.name(), partition, null, tick));
        }
    }

    String bootstrap() {
        return broker.bootstrap();
    }

    /** The site's producer; asking again after {@link #restart} gives a new one that fences the old. */
    KafkaProducer<byte[], byte[]> producer(SiteId site) {
        return sites.computeIfAbsent(site, id -> {
            Map<String, Object> properties = producer();
            properties.put("transactional.id", "sotto-site-sentiment-" + id);
            properties.put("transaction.timeout.ms", 60_000);
            KafkaProducer<byte[], byte[]> producer =
                    new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
            producer.initTransactions();
            return producer;
        });
    }

    /** The site's process is gone without a word, and comes up again: what it left open is aborted. */
    void restart(SiteId site) {
        KafkaProducer<byte[], byte[]> gone = sites.remove(site);
        producer(site);
        if (gone != null) {
            gone.close(Duration.ZERO);
        }
    }

    void transcript(byte[] envelope) throws Exception {
        byte[] key = RecordKeys.transcript(federation.task().id(), federation.sequence())
                .getBytes("UTF-8");
        coordinate(Topics.ROUNDS.name(), key, envelope);
    }

    void unmask(RoundId round, byte[] envelope) throws Exception {
        coordinate(Topics.UNMASK.name(), RecordKeys.round(round), envelope);
    }

    void coordinate(String topic, byte[] key, byte[] value) throws Exception {
        coordination.send(new ProducerRecord<>(topic, key, value)).get();
    }

    /** A whole upload in one transaction. */
    void upload(RoundId round, Upload upload) {
        KafkaProducer<byte[], byte[]> producer = producer(upload.site());
        producer.beginTransaction();
        sendChunks(producer, round, upload.chunks());
        producer.send(new ProducerRecord<>(
                Topics.MANIFESTS.name(), RecordKeys.manifest(round, upload.site()), upload.manifest()));
        producer.commitTransaction();
    }

    static void sendChunks(KafkaProducer<byte[], byte[]> producer, RoundId round, List<byte[]> chunks) {
        for (int chunk = 0; chunk < chunks.size(); chunk++) {
            producer.send(new ProducerRecord<>(
                    Topics.UPDATES.name(), RecordKeys.update(round, new ChunkIndex(chunk)), chunks.get(chunk)));
        }
    }

    /** Waits until the topic holds a committed record of this kind that matches, and returns it. */
    SignedRecord await(String topic, Kind kind, Predicate<SignedRecord> matches) {
        return awaitAll(topic, kind, matches, 1).get(0);
    }

    /** Waits until the topic holds that many, and returns them. */
    List<SignedRecord> awaitAll(String topic, Kind kind, Predicate<SignedRecord> matches, int count) {
        try (SignedTopic records = signed(topic)) {
            return records.await(kind, matches, count);
        } catch (RejectedRecordException e) {
            throw new AssertionError("a record of " + topic + " cannot be believed", e);
        }
    }

    /** A reader of a topic, for the caller to close. */
    SignedTopic signed(String topic) {
        return new SignedTopic(broker.bootstrap(), topic, new EnvelopeVerifier(federation.trust()));
    }

    /** Waits for a dead letter of the topic with this reason. */
    DeadLetter awaitRefusal(String topic, String reason, Predicate<DeadLetter> matches) {
        List<DeadLetter> found = new ArrayList<>();
        List<String> others = new ArrayList<>();
        try {
            read(topic + ".dlq", record -> {
                DeadLetter letter;
                try {
                    letter = AvroCodec.decode(record.value(), DeadLetter.class);
                } catch (Exception e) {
                    throw new AssertionError("not a dead letter", e);
                }
                others.add(letter.getReason() + ": " + letter.getDetail());
                if (letter.getReason().equals(reason) && matches.test(letter)) {
                    found.add(letter);
                }
                return !found.isEmpty();
            });
        } catch (AssertionError e) {
            throw new AssertionError("no " + reason + " in " + topic + ".dlq but " + others, e);
        }
        return found.get(0);
    }

    /** How many committed records of this kind the topic holds now. */
    long count(String topic, Kind kind) {
        try (SignedTopic records = signed(topic)) {
            return records.now(kind).size();
        } catch (RejectedRecordException e) {
            throw new AssertionError("a record of " + topic + " cannot be believed", e);
        }
    }

    private void read(String topic, Predicate<ConsumerRecord<byte[], byte[]>> last) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(topic)) {
            while (System.nanoTime() < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    if (last.test(record)) {
                        return;
                    }
                }
            }
        }
        throw new AssertionError("what was awaited did not come to " + topic + " within " + PATIENCE);
    }

    private KafkaConsumer<byte[], byte[]> consumer(String topic) {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrap(),
                        "isolation.level",
                        "read_committed",
                        "auto.offset.reset",
                        "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
    }

    @Override
    public void close() {
        ticker.shutdownNow();
        sites.values().forEach(producer -> producer.close(Duration.ZERO));
        coordination.close(Duration.ZERO);
        broker.close();
    }
}
