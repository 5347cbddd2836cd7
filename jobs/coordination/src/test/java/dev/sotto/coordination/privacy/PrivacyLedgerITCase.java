package dev.sotto.coordination.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.broker.EmbeddedBroker;
import dev.sotto.contracts.TopicAdmin;
import dev.sotto.contracts.audit.TranscriptEntry;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads a ledger from a real broker. */
class PrivacyLedgerITCase {
    @TempDir
    Path directory;

    @Test
    void ledger_fromABroker_holdsThere() throws Exception {
        WrittenLedger ledger = new WrittenLedger(2);
        ledger.writeFiles(directory);
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"))) {
            CommandRun empty = show(broker);
            assertThat(empty.code()).isEqualTo(PrivacyCommand.COULD_NOT_RUN);
            assertThat(empty.err()).contains("fl.ledger");
            Map<String, Object> kafka = Map.of("bootstrap.servers", broker.bootstrap());
            try (Admin admin = Admin.create(kafka)) {
                new TopicAdmin(admin).createMissing((short) 1);
            }
            try (KafkaProducer<byte[], byte[]> producer =
                    new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer())) {
                for (TranscriptEntry entry : ledger.entries) {
                    producer.send(new ProducerRecord<>(entry.topic(), entry.key(), entry.value()))
                            .get();
                }
            }
            CommandRun full = show(broker);
            assertThat(full.code()).as("%s", full).isZero();
            assertThat(full.out()).contains("HOLDS: 4 records");
        }
    }

    private CommandRun show(EmbeddedBroker broker) {
        return CommandRun.of(
                "ledger",
                "--bootstrap",
                broker.bootstrap(),
                "--task",
                directory.resolve("task.yaml").toString(),
                "--trust",
                directory.resolve("trust.yaml").toString());
    }
}
