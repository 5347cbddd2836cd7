package dev.sotto.aggregation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.RecordKeys;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.ModelAnnounced;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.LocalModelStore;
import dev.sotto.federation.Moments;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The job stopped with a savepoint in the middle of a round and started again with more subtasks, for a task with everything:
 * a packed ring, groups, a median and an adaptive optimizer.
 */
class RescaleITCase {
    private static final int SITES = 14;

    @TempDir
    Path directory;

    private TestFederation federation;
    private KafkaParties parties;

    @Test
    void job_rescaledInEveryRound_makesTheExactModels() throws Exception {
        federation = new TestFederation(SITES, task());
        Checkpoint model = Checkpoint.initial(federation.task(), 7);
        try (KafkaParties kafka = new KafkaParties(directory.resolve("kafka"), federation)) {
            parties = kafka;
            Expected first = round(1, model, 1, 2, null, List.of());
            String savepoint = stopped;
            round(2, first.checkpoint(), 2, 1, savepoint, first.moments());
        }
    }

    private String stopped;

    private static TaskDefinition task() throws Exception {
        return TestFederation.taskWith(
                "ringBits: 32",
                "ringBits: 20",
                "scale: 65536",
                "scale: 1024",
                "privacy:",
                "robust: {groups: 3, combine: median}\nserver: {optimizer: fedyogi, learningRate: 0.1}\nprivacy:");
    }

    private Expected round(
            int number, Checkpoint model, int parallelism, int afterwards, String savepoint, List<Moments> moments)
            throws Exception {
        RoundId round = federation.round(number);
        URI location = new LocalModelStore(directory.resolve("models")).put(model);
        List<Upload> uploads = new ArrayList<>();
        for (int i = 0; i < SITES; i++) {
            uploads.add(federation.upload(TestFederation.site(i), number, model.sha256(), 100L * number + i));
        }
        String middle;
        try (LocalJob job = start(parallelism, savepoint)) {
            parties.transcript(federation.roundOpen(number, model, location, System.currentTimeMillis() + 600_000));
            uploads.subList(0, 6).forEach(upload -> parties.upload(round, upload));
            // Chunks of a site whose manifest is not there yet wait, and move with the job.
            sendWithoutManifest(round, uploads.get(13));
            parties.awaitAll(Topics.ARRIVALS.name(), Kind.ARRIVAL, record -> true, (number - 1) * SITES + 6);
            middle = job.stop(directory.resolve("savepoints"));
        }
        try (LocalJob job = start(afterwards, middle)) {
            uploads.subList(6, 13).forEach(upload -> parties.upload(round, upload));
            sendManifest(round, uploads.get(13));
            assertThat(AggregationJobITCase.closed(parties, number).getSurvivors())
                    .hasSize(SITES);
            parties.transcript(federation.survivors(number, uploads));
            parties.unmask(round, federation.seeds(number, model.sha256(), uploads));
            ModelAnnounced announced = AggregationJobITCase.model(parties, number);
            Expected expected = Expected.of(
                    federation.task(), number, model, uploads, Expected.silence(), federation.groups(number), moments);
            assertThat(AvroCodec.bytes(announced.getAggregateHash())).isEqualTo(expected.aggregateHash());
            assertThat(AvroCodec.bytes(announced.getSha256()))
                    .isEqualTo(expected.checkpoint().sha256());
            assertThat(announced.getMetrics().getExamples())
                    .isEqualTo(expected.metrics().examples());
            stopped = job.stop(directory.resolve("savepoints"));
            return expected;
        }
    }

    private LocalJob start(int parallelism, String savepoint) throws Exception {
        return LocalJob.start(
                federation,
                parties.bootstrap(),
                directory.resolve("models").toUri(),
                directory.resolve("checkpoints"),
                parallelism,
                savepoint);
    }

    private void sendWithoutManifest(RoundId round, Upload upload) {
        KafkaProducer<byte[], byte[]> producer = parties.producer(upload.site());
        producer.beginTransaction();
        KafkaParties.sendChunks(producer, round, upload.chunks());
        producer.commitTransaction();
    }

    private void sendManifest(RoundId round, Upload upload) {
        SiteId site = upload.site();
        KafkaProducer<byte[], byte[]> producer = parties.producer(site);
        producer.beginTransaction();
        producer.send(
                new ProducerRecord<>(Topics.MANIFESTS.name(), RecordKeys.manifest(round, site), upload.manifest()));
        producer.commitTransaction();
    }
}
