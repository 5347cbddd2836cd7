package dev.sotto.coordination.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.broker.EmbeddedBroker;
import dev.sotto.contracts.TopicAdmin;
import dev.sotto.contracts.audit.TranscriptEntry;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Reads what coordination wrote from a real broker. */
class TranscriptBrokerITCase {
    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final TranscriptHistory history = new TranscriptHistory();
    private EmbeddedBroker broker;

    @BeforeEach
    void fill() throws Exception {
        broker = EmbeddedBroker.start(directory.resolve("broker"));
        history.writeFiles(directory);
        Map<String, Object> kafka = Map.of("bootstrap.servers", broker.bootstrap());
        try (Admin admin = Admin.create(kafka)) {
            new TopicAdmin(admin).createMissing((short) 1);
        }
        List<TranscriptEntry> all = new ArrayList<>(history.rounds());
        all.addAll(history.ledger());
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (TranscriptEntry entry : all) {
                producer.send(new ProducerRecord<>(entry.topic(), entry.key(), entry.value()))
                        .get();
            }
        }
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private int run(String... arguments) {
        return new CommandLine(new TranscriptCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setExecutionExceptionHandler((failure, command, result) -> {
                    command.getErr().println(failure.getMessage());
                    return 1;
                })
                .execute(arguments);
    }

    private String at(String name) {
        return directory.resolve(name).toString();
    }

    @Test
    void transcript_fromABroker_isVerifiedThereAndFromItsExport() throws Exception {
        assertThat(run(
                        "verify",
                        "--bootstrap",
                        broker.bootstrap(),
                        "--ledger",
                        "--task",
                        at("task.yaml"),
                        "--trust",
                        at("trust.yaml")))
                .as("%s%s", out, err)
                .isZero();
        assertThat(out.toString()).contains("VERIFIED: 13 records");
        Files.writeString(directory.resolve("client.properties"), "client.id=auditor\n");
        String[] export = {
            "export",
            "--bootstrap",
            broker.bootstrap(),
            "--properties",
            at("client.properties"),
            "--task-id",
            "sentiment",
            "--ledger",
            "--out",
            at("task.jsonl")
        };
        assertThat(run(export)).as("%s", err).isZero();
        assertThat(out.toString()).contains("17 records of task sentiment in " + at("task.jsonl"));
        broker.close();
        assertThat(run(
                        "verify",
                        "--file",
                        at("task.jsonl"),
                        "--ledger",
                        "--task",
                        at("task.yaml"),
                        "--trust",
                        at("trust.yaml")))
                .isZero();
        assertThat(run(export)).isEqualTo(1);
        assertThat(err.toString()).contains("evidence is never overwritten");
    }

    @Test
    void transcript_ofATaskThatIsNotThere_endsWithOneAndLeavesNoFile() {
        assertThat(run("export", "--bootstrap", broker.bootstrap(), "--task-id", "risk", "--out", at("risk.jsonl")))
                .isEqualTo(1);
        assertThat(err.toString()).contains("has no record of task risk");
        assertThat(directory.resolve("risk.jsonl")).doesNotExist();
        assertThat(directory.resolve("risk.jsonl.partial")).doesNotExist();
    }

    @Test
    void broker_thatIsNotThere_endsWithOne() {
        broker.close();
        assertThat(run(
                        "verify",
                        "--bootstrap",
                        broker.bootstrap(),
                        "--kafka",
                        "default.api.timeout.ms=2000",
                        "--kafka",
                        "request.timeout.ms=1000",
                        "--task",
                        at("task.yaml"),
                        "--trust",
                        at("trust.yaml")))
                .isEqualTo(1);
        assertThat(err.toString()).contains("cannot read fl.rounds from " + broker.bootstrap());
    }
}
