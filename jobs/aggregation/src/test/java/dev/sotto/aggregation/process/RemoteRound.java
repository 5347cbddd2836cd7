package dev.sotto.aggregation.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.aggregation.Expected;
import dev.sotto.aggregation.TestFederation;
import dev.sotto.aggregation.Upload;
import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.contracts.RecordKeys;
import dev.sotto.contracts.TopicAdmin;
import dev.sotto.contracts.TopicSpec;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.ModelAnnounced;
import dev.sotto.contracts.avro.Survivor;
import dev.sotto.contracts.avro.WindowClosed;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.LocalModelStore;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.privacy.CentralDiscreteGaussian;
import dev.sotto.privacy.NoiseSecret;
import dev.sotto.secagg.ChunkIndex;
import dev.sotto.secagg.RoundId;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Round 1 of a task with four sites and no dropout, played by Kafka clients of a broker that runs elsewhere. */
final class RemoteRound implements AutoCloseable {
    private static final int SITES = 4;

    private final TestFederation federation = new TestFederation(SITES);
    private final TaskDefinition task = federation.task();
    private final RoundId round = federation.round(1);
    private final List<Upload> uploads = new ArrayList<>();
    private final List<SiteClient> sites = new ArrayList<>();
    private final String bootstrap;
    private final JobFiles files;
    private final Checkpoint model;
    private final URI location;
    private final KafkaProducer<byte[], byte[]> coordination;
    private final SignedTopic arrivals;
    private final SignedTopic models;
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor();

    /** Creates the topics, the job's files and every site's upload. */
    RemoteRound(String bootstrap, Path directory) throws Exception {
        this.bootstrap = bootstrap;
        files = new JobFiles(directory, federation.trust(), federation.identityFile());
        model = Checkpoint.initial(task, 7);
        location = new LocalModelStore(files.models()).put(model);
        for (int i = 0; i < SITES; i++) {
            uploads.add(federation.upload(TestFederation.site(i), 1, model.sha256(), i));
            sites.add(new SiteClient(bootstrap, task.task(), TestFederation.site(i)));
        }
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            new TopicAdmin(admin).createMissing((short) 1);
        }
        EnvelopeVerifier verifier = new EnvelopeVerifier(federation.trust());
        arrivals = new SignedTopic(bootstrap, Topics.ARRIVALS.name(), verifier);
        models = new SignedTopic(bootstrap, Topics.MODELS.name(), verifier);
        coordination = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap), new ByteArraySerializer(), new ByteArraySerializer());
        ticker.scheduleAtFixedRate(this::tick, 0, 200, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        byte[] tick = federation.tick(System.currentTimeMillis());
        for (int partition = 0; partition < Topics.MANIFESTS.partitions(); partition++) {
            coordination.send(new ProducerRecord<>(Topics.MANIFESTS.name(), partition, null, tick));
        }
    }

    /** The job's command line. */
    List<String> arguments() {
        return files.arguments(bootstrap);
    }

    /** Opens the window for ten minutes: it is to close because everybody is there. */
    void open() throws Exception {
        transcript(federation.roundOpen(1, model, location, System.currentTimeMillis() + 600_000));
    }

    private void transcript(byte[] envelope) throws Exception {
        send(
                Topics.ROUNDS,
                RecordKeys.transcript(task.id(), federation.sequence()).getBytes(StandardCharsets.UTF_8),
                envelope);
    }

    private void send(TopicSpec topic, byte[] key, byte[] value) throws Exception {
        coordination.send(new ProducerRecord<>(topic.name(), key, value)).get();
    }

    SiteClient site(int index) {
        return sites.get(index);
    }

    /** A site's upload: the chunks in order, then the manifest. */
    List<ProducerRecord<byte[], byte[]>> upload(int index) {
        Upload upload = uploads.get(index);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int chunk = 0; chunk < upload.chunks().size(); chunk++) {
            records.add(new ProducerRecord<>(
                    Topics.UPDATES.name(),
                    RecordKeys.update(round, new ChunkIndex(chunk)),
                    upload.chunks().get(chunk)));
        }
        records.add(new ProducerRecord<>(
                Topics.MANIFESTS.name(), RecordKeys.manifest(round, upload.site()), upload.manifest()));
        return records;
    }

    /** Waits until acceptances are seen committed: the checkpoint that covers them is whole. */
    void awaitAccepted(int count) throws Exception {
        arrivals.await(Kind.ARRIVAL, count);
    }

    void awaitClosed() throws Exception {
        arrivals.await(Kind.WINDOW_CLOSED, 1);
    }

    /** What coordination does after the close. */
    void unmask() throws Exception {
        transcript(federation.survivors(1, uploads));
        send(Topics.UNMASK, RecordKeys.round(round), federation.seeds(1, model.sha256(), uploads));
    }

    /** Waits for the model and holds it against one computed from the plain updates; everything was said once. */
    void requireUndisturbedModel() throws Exception {
        ModelAnnounced announced = models.await(Kind.MODEL, 1).get(0).payload(ModelAnnounced.class);
        CentralDiscreteGaussian noise = CentralDiscreteGaussian.create(
                NoiseSecret.read(files.noiseSecret()), task.privacy().sigma(task.delta2()));
        Expected expected = Expected.of(task, 1, model, uploads, noise);
        assertThat(AvroCodec.bytes(announced.getAggregateHash())).isEqualTo(expected.aggregateHash());
        assertThat(AvroCodec.bytes(announced.getSha256()))
                .isEqualTo(expected.checkpoint().sha256());
        Checkpoint stored = new LocalModelStore(files.models())
                .get(URI.create(announced.getLocation()), expected.checkpoint().sha256());
        assertThat(stored.manifestFile()).isEqualTo(expected.checkpoint().manifestFile());
        assertThat(stored.vector()).isEqualTo(expected.checkpoint().vector());

        assertThat(arrivals.now(Kind.ARRIVAL)).hasSize(SITES);
        WindowClosed closed = arrivals.now(Kind.WINDOW_CLOSED).get(0).payload(WindowClosed.class);
        assertThat(closed.getSurvivors())
                .extracting(Survivor::getSite)
                .isEqualTo(uploads.stream().map(upload -> upload.site().value()).toList());
        assertThat(arrivals.now(Kind.WINDOW_CLOSED)).hasSize(1);
        assertThat(models.now(Kind.MODEL)).hasSize(1);
    }

    @Override
    public void close() {
        ticker.shutdownNow();
        sites.forEach(SiteClient::close);
        coordination.close(Duration.ZERO);
        arrivals.close();
        models.close();
    }
}
