package dev.sotto.coordination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.broker.EmbeddedBroker;
import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.RecordKeys;
import dev.sotto.contracts.Rejection;
import dev.sotto.contracts.SeedCodec;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.TopicAdmin;
import dev.sotto.contracts.TopicSpec;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.avro.DeadLetter;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.LedgerRecord;
import dev.sotto.contracts.avro.LedgerStep;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.contracts.avro.RoundResult;
import dev.sotto.contracts.avro.UnmaskSeeds;
import dev.sotto.coordination.fixture.Parties;
import dev.sotto.coordination.fixture.PlayedAggregation;
import dev.sotto.coordination.fixture.PlayedSite;
import dev.sotto.coordination.fixture.TopicTail;
import dev.sotto.coordination.fixture.Transcript;
import dev.sotto.coordination.runtime.KeyedRecords;
import dev.sotto.coordination.runtime.StatefunDistribution;
import dev.sotto.coordination.runtime.StatefunRuntime;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.IdentityFile;
import dev.sotto.federation.LocalModelStore;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.secagg.MaskExpander;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SignedSeed;
import dev.sotto.secagg.SiteId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real runtime, a real broker and real masks: the test plays four sites and aggregation. */
class CoordinationITCase {
    private static final Duration LIMIT = Duration.ofSeconds(150);

    @TempDir
    Path directory;

    private final Parties parties = new Parties(4);
    private EmbeddedBroker broker;
    private CoordinationService service;
    private StatefunRuntime runtime;
    private KafkaProducer<byte[], byte[]> producer;
    private TaskDefinition task;
    private Transcript transcript;
    private TopicTail rounds;

    @BeforeEach
    void start() throws Exception {
        broker = EmbeddedBroker.start(directory.resolve("broker"));
        Map<String, Object> kafka = Map.of("bootstrap.servers", broker.bootstrap());
        try (Admin admin = Admin.create(kafka)) {
            new TopicAdmin(admin).createMissing((short) 1);
        }
        Path config = configuration();
        service = CoordinationService.start(CoordinationConfig.read(config), Clock.systemUTC());
        runtime = new StatefunRuntime(
                StatefunDistribution.at(Path.of(System.getProperty("sotto.statefun.lib"))),
                service.module(),
                directory.resolve("statefun"),
                Path.of(System.getProperty("java.home")),
                Duration.ofMillis(500));
        runtime.start();
        producer = new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer());
        task = TaskDefinition.read(directory.resolve("task.yaml"));
        transcript = new Transcript(parties.verifier());
        rounds = new TopicTail(broker.bootstrap(), Topics.ROUNDS.name());
    }

    private Path configuration() throws Exception {
        try (var in = CoordinationITCase.class.getResourceAsStream("/task.yaml")) {
            Files.copy(in, directory.resolve("task.yaml"));
        }
        Files.writeString(directory.resolve("trust.yaml"), parties.trustYaml());
        IdentityFile.create(directory.resolve("coordination.key"), parties.coordination);
        return Files.writeString(
                directory.resolve("coordination.yaml"),
                """
                bootstrap: %s
                tasks: [task.yaml]
                trust: trust.yaml
                identity: coordination.key
                host: 127.0.0.1
                port: 0
                tickMillis: 1000
                kafka: {}
                """
                        .formatted(broker.bootstrap()));
    }

    @AfterEach
    void stop() {
        rounds.close();
        producer.close();
        runtime.close();
        service.close();
        broker.close();
    }

    @Test
    void round_withADropoutAndAKilledRuntime_unmasksThePlainSumOnce() throws Exception {
        List<PlayedSite> sites = PlayedSite.all(parties, task.id());
        PlayedAggregation aggregation = new PlayedAggregation(parties.aggregation(), task.id());
        RoundId round = new RoundId(task.id(), 1);

        // Records that would stop the runtime if they reached it as they are, and a forged one.
        send(Topics.SITES, null, "no key".getBytes(StandardCharsets.UTF_8));
        send(Topics.SITES, key(sites.get(0).id), null);
        send(Topics.SITES, key(sites.get(0).id), sites.get(1).enrol(1));
        for (PlayedSite site : sites) {
            send(Topics.SITES, key(site.id), site.enrol(1));
        }
        TaskStarter starter = new TaskStarter(Map.of("bootstrap.servers", broker.bootstrap()), parties.operator);
        LocalModelStore store = new LocalModelStore(directory.resolve("models"));
        starter.start(task, store, Checkpoint.initial(task, Checkpoint.initial(task, 7)));
        assertThatThrownBy(() -> starter.start(task, store, 7)).hasMessageContaining("has a model");

        await(Kind.BLOCK_OFFER);
        for (PlayedSite site : sites) {
            send(Topics.SITES, key(site.id), site.bundle(transcript.terms()));
        }
        await(Kind.ROUND_OPEN);
        assertThat(transcript.count(Kind.ROSTER)).isEqualTo(4);
        assertThat(transcript.recomputedSeal()).isEqualTo(transcript.sealHash());

        // The last site has dealt and is announced, but its upload never comes.
        List<PlayedSite> survivors = sites.subList(0, 3);
        int entries = transcript.last(Kind.ROUND_OPEN, RoundOpen.class).getEntries();
        int[] plain = new int[entries];
        int[] masked = new int[entries];
        SplittableRandom values = new SplittableRandom(11);
        for (PlayedSite site : survivors) {
            int[] vector = values.ints(entries, -1000, 1000).toArray();
            add(plain, vector);
            add(masked, site.masked(vector, transcript, round));
        }
        assertThat(masked).isNotEqualTo(plain);
        List<SiteId> ids = survivors.stream().map(site -> site.id).toList();
        send(Topics.ARRIVALS, RecordKeys.round(round), aggregation.windowClosed(round, survivors, transcript));

        await(Kind.SURVIVORS);
        send(Topics.SITES, key(ids.get(0)), survivors.get(0).unmask(transcript, round));
        send(Topics.SITES, key(ids.get(1)), survivors.get(1).unmask(transcript, round));
        runtime.kill();
        runtime.start();
        runtime.awaitCheckpoint(LIMIT);
        send(Topics.SITES, key(ids.get(1)), survivors.get(1).unmask(transcript, round));
        send(Topics.SITES, key(ids.get(2)), survivors.get(2).unmask(transcript, round));

        try (TopicTail unmask = new TopicTail(broker.bootstrap(), Topics.UNMASK.name())) {
            unmask.await(LIMIT, 1);
            SignedRecord record =
                    parties.verifier().open(unmask.records().get(0).value());
            UnmaskSeeds seeds = record.payload(UnmaskSeeds.class);
            assertThat(seeds.getSurvivors())
                    .isEqualTo(ids.stream().map(SiteId::value).toList());
            MaskExpander expander = new MaskExpander();
            for (SignedSeed seed : SeedCodec.fromRecord(seeds).get(0)) {
                seed.apply(expander, 0, masked, 0, entries);
            }
            assertThat(masked).isEqualTo(plain);

            send(
                    Topics.MODELS,
                    RecordKeys.task(task.id()),
                    aggregation.model(round, 1, transcript.modelHash(), ids, "weights"));
            await(Kind.TASK_END);
            unmask.poll();
            assertThat(unmask.records()).hasSize(1);
        }

        assertThat(transcript.kinds())
                .containsExactly(
                        Kind.BLOCK_OFFER,
                        Kind.ROSTER,
                        Kind.ROSTER,
                        Kind.ROSTER,
                        Kind.ROSTER,
                        Kind.SEAL,
                        Kind.ROUND_OPEN,
                        Kind.SURVIVORS,
                        Kind.ROUND_RESULT,
                        Kind.TASK_END);
        RoundResult result = transcript.last(Kind.ROUND_RESULT, RoundResult.class);
        assertThat(result.getDropouts()).containsExactly(sites.get(3).id.value());
        ledgerHasBothSteps(result);
        everyBadRecordIsADeadLetter();
    }

    private void ledgerHasBothSteps(RoundResult result) throws Exception {
        try (TopicTail ledger = new TopicTail(broker.bootstrap(), Topics.LEDGER.name())) {
            ledger.await(LIMIT, 2);
            List<LedgerRecord> entries = new ArrayList<>();
            for (var record : ledger.records()) {
                entries.add(parties.verifier().open(record.value()).payload(LedgerRecord.class));
            }
            assertThat(entries)
                    .extracting(LedgerRecord::getStep)
                    .containsExactly(LedgerStep.RESERVE, LedgerStep.COMMIT);
            assertThat(entries.get(1).getPrevious()).isEqualTo(entries.get(0).getHash());
            assertThat(result.getLedgerHash()).isEqualTo(entries.get(1).getHash());
        }
    }

    private void everyBadRecordIsADeadLetter() throws Exception {
        try (TopicTail letters = new TopicTail(broker.bootstrap(), Topics.SITES.deadLetters())) {
            letters.await(LIMIT, 3);
            List<String> found = new ArrayList<>();
            for (var record : letters.records()) {
                DeadLetter letter = AvroCodec.decode(record.value(), DeadLetter.class);
                found.add(new String(record.key(), StandardCharsets.UTF_8) + " " + letter.getReason());
            }
            assertThat(found)
                    .containsExactlyInAnyOrder(
                            KeyedRecords.NO_KEY + " " + Rejection.MALFORMED,
                            "site-a " + Rejection.MALFORMED,
                            "site-a " + Rejection.UNKNOWN_SIGNER);
        }
    }

    private void await(Kind kind) throws Exception {
        Instant end = Instant.now().plus(LIMIT);
        while (!transcript.kinds().contains(kind)) {
            for (byte[] value : rounds.poll()) {
                transcript.read(value);
            }
            if (Instant.now().isAfter(end)) {
                throw new AssertionError("no %s within %s; the transcript has %s; the runtime says:%n%s"
                        .formatted(kind, LIMIT, transcript.kinds(), Files.readString(runtime.log())));
            }
        }
    }

    private void send(TopicSpec topic, byte[] key, byte[] value) throws Exception {
        producer.send(new ProducerRecord<>(topic.name(), key, value)).get();
    }

    private static byte[] key(SiteId site) {
        return RecordKeys.site(site);
    }

    private static void add(int[] sum, int[] vector) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += vector[i];
        }
    }
}
