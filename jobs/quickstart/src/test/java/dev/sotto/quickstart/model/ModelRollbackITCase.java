package dev.sotto.quickstart.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.broker.EmbeddedBroker;
import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.contracts.RecordKeys;
import dev.sotto.contracts.ServingTurn;
import dev.sotto.contracts.TopicAdmin;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.avro.ModelAnnounced;
import dev.sotto.coordination.ServingLine;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.IdentityFile;
import dev.sotto.federation.Trust;
import dev.sotto.secagg.IdentityKeyPair;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Rolls back on a real broker; what the scoring job makes of such a record is for {@code ScoringMainITCase}. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ModelRollbackITCase {
    private static final TopicPartition MODELS = new TopicPartition(Topics.MODELS.name(), 0);

    @TempDir
    private static Path directory;

    private static EmbeddedBroker broker;
    private static PublishedModels published;

    @BeforeAll
    static void start() throws Exception {
        published = new PublishedModels(directory, 4);
        broker = EmbeddedBroker.start(directory.resolve("broker"));
        try (Admin admin = Admin.create(kafka())) {
            new TopicAdmin(admin).createMissing((short) 1);
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static Map<String, Object> kafka() {
        return Map.of("bootstrap.servers", broker.bootstrap());
    }

    private static PublishedModels.Run rollback(String... arguments) {
        return rollbackBy(published.identity, arguments);
    }

    private static PublishedModels.Run rollbackBy(Path identity, String... arguments) {
        List<String> all = new ArrayList<>(List.of(
                "--bootstrap",
                broker.bootstrap(),
                "--trust",
                published.trust.toString(),
                "--identity",
                identity.toString()));
        all.addAll(List.of(arguments));
        return published.run("rollback", all.toArray(String[]::new));
    }

    private static void announce(int version) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(kafka(), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                            Topics.MODELS.name(), RecordKeys.task(published.task.id()), published.announced(version)))
                    .get();
        }
    }

    private static List<ConsumerRecord<byte[], byte[]>> records() {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(kafka(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(MODELS));
            consumer.seekToBeginning(List.of(MODELS));
            long end = consumer.endOffsets(List.of(MODELS)).get(MODELS);
            while (consumer.position(MODELS) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        return records;
    }

    private static ServingTurn serving() {
        return new ServingLine(published.task.id(), kafka(), Trust.read(published.trust))
                .newest()
                .orElseThrow();
    }

    @Test
    @Order(1)
    void rollback_beforeAnyModelWasAnnounced_couldNotRun() {
        PublishedModels.Run run = rollback("--to", "1");
        assertThat(run.code()).isEqualTo(ModelCommand.COULD_NOT_RUN);
        assertThat(run.err()).contains("fl.models has no model of task mood");
    }

    @Test
    @Order(2)
    void rollback_dryRun_announcesNothing() throws Exception {
        for (int version = 0; version < 4; version++) {
            announce(version);
        }
        PublishedModels.Run run = rollback("--to", "1", "--dry-run");
        assertThat(run.code()).as("%s", run).isZero();
        assertThat(run.out())
                .contains(
                        "version 1 serves, where version 3 does now; no other up to 3 does any more, version 4 would again",
                        "nothing new is released",
                        "dry run: nothing was announced");
        assertThat(records()).hasSize(4);
    }

    @Test
    @Order(3)
    void rollback_isOneSignedRecordUnderAKeyOfItsOwn_andTheStoreStaysAsItWas() throws Exception {
        List<Path> before = files();
        PublishedModels.Run run = rollback("--to", "1");
        assertThat(run.code()).as("%s", run).isZero();
        assertThat(run.out()).contains("announced on fl.models");
        List<ConsumerRecord<byte[], byte[]>> records = records();
        assertThat(records).hasSize(5);
        assertThat(new String(records.get(4).key(), StandardCharsets.UTF_8)).isEqualTo("mood/rollback");
        var record = new EnvelopeVerifier(Trust.read(published.trust))
                .open(records.get(4).value());
        assertThat(record.signer()).isEqualTo(Trust.OPERATOR);
        ModelAnnounced announced = record.payload(ModelAnnounced.class);
        assertThat(announced.getVersion()).isEqualTo(1);
        assertThat(announced.getWithdrawn()).isEqualTo(3);
        assertThat(announced.getSha256().array())
                .isEqualTo(published.models.get(1).sha256());
        assertThat(announced.getLocation()).isEqualTo(published.location(1).toString());
        assertThat(serving()).isEqualTo(new ServingTurn(1, 3));
        assertThat(files()).isEqualTo(before);
    }

    @Test
    @Order(4)
    void rollback_againOrForward_isRefusedWithTheWayOut() {
        assertThat(rollback("--to", "1").err()).contains("version 1 serves already", "--through at least 4");
        assertThat(rollback("--to", "2").err()).contains("--to must be below it, or --through at least 4");
        assertThat(rollback("--to", "1", "--through", "2").err()).contains("--through is 2 but must be at least 3");
        assertThat(records()).hasSize(5);
    }

    @Test
    @Order(5)
    void rollback_farther_andThenForwardWithAnotherVersionWithdrawn_isAnnounced() {
        assertThat(rollback("--to", "0").code()).isZero();
        assertThat(serving()).isEqualTo(new ServingTurn(0, 3));
        assertThat(rollback("--to", "2", "--through", "6").code()).isZero();
        assertThat(serving()).isEqualTo(new ServingTurn(2, 6));
    }

    @Test
    @Order(6)
    void rollback_byAnotherKeyThanTheOperators_isRefusedBeforeAnythingIsSaid() throws Exception {
        Path other = directory.resolve("other.key");
        IdentityFile.create(other, IdentityKeyPair.generate(new SecureRandom()));
        PublishedModels.Run run = rollbackBy(other, "--to", "0", "--through", "9");
        assertThat(run.code()).isEqualTo(ModelCommand.COULD_NOT_RUN);
        assertThat(run.err()).contains("is not the key of 'servers.operator'");
        assertThat(records()).hasSize(7);
    }

    @Test
    @Order(7)
    void rollback_toABrokenLine_isRefused_andFromOneIsNot() throws Exception {
        Path weights = published.file(2, Checkpoint.WEIGHTS);
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 1] ^= 1;
        Files.write(weights, bytes);
        PublishedModels.Run run = rollback("--to", "2", "--through", "9");
        assertThat(run.code()).isEqualTo(ModelCommand.BROKEN);
        assertThat(run.err()).contains("BROKEN at version 2", "nothing was announced");
        assertThat(records()).hasSize(7);
        assertThat(rollback("--to", "1").code()).isZero();
        assertThat(serving()).isEqualTo(new ServingTurn(1, 6));
    }

    private static List<Path> files() throws Exception {
        try (var files = Files.walk(published.store)) {
            return files.sorted().toList();
        }
    }
}
