package dev.sotto.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.broker.EmbeddedBroker;
import dev.sotto.contracts.TopicAdmin;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.Enrol;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.GroupMean;
import dev.sotto.federation.LocalModelStore;
import dev.sotto.federation.SumDecoder;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.secagg.RoundGroups;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Sites against a real broker; the test is coordination and aggregation. */
class SiteITCase {
    @TempDir
    static Path directory;

    private static EmbeddedBroker broker;

    @BeforeAll
    static void startBroker() throws Exception {
        broker = EmbeddedBroker.start(directory.resolve("broker"));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            new TopicAdmin(admin).createMissing((short) 1);
        }
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    private static TaskDefinition task(String name) throws Exception {
        Path file = directory.resolve(name + ".yaml");
        Files.writeString(
                file, Files.readString(Parties.resource("task.yaml")).replace("task: sentiment", "task: " + name));
        return TaskDefinition.read(file);
    }

    private static void sealBlock(KafkaSites sites) throws Exception {
        sites.await("enrolments", () -> sites.server.enrolments(1).size() == 4);
        sites.coordination.offer(1, 1, sites.server.enrolments(1).values(), untouched -> {});
        sites.await("bundles", () -> sites.server.bundles(1).size() == 4);
        for (byte[] bundle : sites.server.bundles(1).values()) {
            sites.coordination.roster(1, bundle);
        }
        sites.coordination.seal(1, sites.server.bundles(1).values(), untouched -> {});
    }

    @Test
    void task_onABroker_sumsExactlyThoughASiteRestartsBetweenUploadAndUnmask() throws Exception {
        Parties parties = new Parties(task("plain"));
        LocalModelStore store = new LocalModelStore(directory.resolve("models"));
        Checkpoint model = Checkpoint.initial(parties.task, 1);
        URI location = store.put(model);
        SortedMap<SiteId, KafkaSites.Running> running = new TreeMap<>();
        try (KafkaSites sites = new KafkaSites(parties, broker.bootstrap())) {
            for (SiteId site : parties.sites()) {
                running.put(site, sites.start(site, state(parties, site), store));
            }
            sealBlock(sites);
            SortedSet<SiteId> announced = new TreeSet<>(parties.sites());
            for (int round = 1; round <= 2; round++) {
                int number = round;
                sites.coordination.open(1, round, model, location, announced, untouched -> {});
                sites.await("uploads", () -> sites.server.manifests(number).size() == 4);
                SiteId restarted = parties.keys.firstKey();
                assertThat(running.get(restarted).stop()).isFalse();
                sites.coordination.survivors(round, sites.server.manifests(round), untouched -> {});
                running.put(restarted, sites.start(restarted, state(parties, restarted), store));
                sites.await("answers", () -> sites.server.answers(number).size() == 4);
                sites.server.assertSumIsExact(
                        sites.coordination.terms,
                        new RoundId(parties.task.id(), round),
                        sites.coordination.sealHash,
                        model.sha256(),
                        RoundGroups.single(announced));
                sites.coordination.result(round);
            }
            sites.coordination.end();
            for (KafkaSites.Running site : running.values()) {
                assertThat(site.join()).isTrue();
            }
        }
    }

    private static Path state(Parties parties, SiteId site) {
        return directory.resolve("state").resolve(parties.task.task()).resolve(site.value());
    }

    @Test
    void upload_whoseProcessDiesInItsTransaction_isNeverSeenAndThenSeenOnce() throws Exception {
        Parties parties = new Parties(task("aborted"));
        SiteId site = parties.keys.firstKey();
        try (KafkaSites sites = new KafkaSites(parties, broker.bootstrap());
                KafkaOutbox outbox = new KafkaOutbox(sites.kafka, parties.task.id(), site)) {
            byte[] enrolment = parties.signer(site)
                    .sealBytes(
                            parties.task.id(),
                            Kind.ENROL,
                            TranscriptPosition.START,
                            new Enrol(1, ByteBuffer.allocate(32), ByteBuffer.allocate(32)));
            byte[] garbage = {1, 2, 3};
            // What a killed process leaves: an open transaction that nobody commits.
            KafkaProducer<byte[], byte[]> killed = new KafkaProducer<>(sites.kafka.producer(parties.task.id(), site));
            killed.initTransactions();
            killed.beginTransaction();
            killed.send(new ProducerRecord<>(Topics.SITES.name(), garbage, garbage))
                    .get(30, TimeUnit.SECONDS);
            killed.close(Duration.ZERO);
            outbox.send(List.of(new Outbox.Message(Topics.SITES.name(), new byte[] {1, 2, 3}, enrolment)));
            // The server side asserts that everything it reads is signed, so the garbage would fail here.
            sites.await("the enrolment", () -> !sites.server.enrolments(1).isEmpty());
            assertThat(sites.server.enrolments(1)).containsOnlyKeys(site);
        }
    }

    @Test
    void pause_ofARunningSite_isSaidAndTakenBackOnTheBroker() throws Exception {
        Parties parties = new Parties(task("paused"));
        LocalModelStore store = new LocalModelStore(directory.resolve("models"));
        SiteId away = parties.keys.lastKey();
        PauseMarker marker = new PauseMarker(state(parties, away));
        try (KafkaSites sites = new KafkaSites(parties, broker.bootstrap())) {
            List<KafkaSites.Running> running = new ArrayList<>();
            for (SiteId site : parties.sites()) {
                running.add(sites.start(site, state(parties, site), store));
            }
            sealBlock(sites);
            assertThat(marker.set()).isTrue();
            sites.await(
                    "the intent to stay out", () -> sites.server.intents(away).equals(List.of(false)));
            assertThat(marker.clear()).isTrue();
            sites.await(
                    "the intent to come back", () -> sites.server.intents(away).equals(List.of(false, true)));
            sites.coordination.end();
            for (KafkaSites.Running site : running) {
                assertThat(site.join()).isTrue();
            }
        }
    }

    @Test
    void join_withTheRealTrainer_takesPartToTheEndOfTheTask() throws Exception {
        Parties parties = new Parties(task("real"));
        LocalModelStore store = new LocalModelStore(directory.resolve("models"));
        Checkpoint model = Checkpoint.initial(parties.task, 1);
        URI location = store.put(model);
        SiteId real = parties.keys.firstKey();
        Path config = configure(parties, real);

        StringWriter checked = new StringWriter();
        assertThat(commandLine(checked).execute("check", "--config", config.toString()))
                .isEqualTo(ExitCode.OK.code());
        assertThat(checked.toString()).contains("61 rows to train on, 3 held out, 1 skipped", "ready to join");
        assertThat(checked.toString()).doesNotContain("room");

        StringWriter out = new StringWriter();
        Path curves = directory.resolve("curves");
        try (KafkaSites sites = new KafkaSites(parties, broker.bootstrap())) {
            for (SiteId site : parties.sites().tailSet(real)) {
                if (!site.equals(real)) {
                    sites.start(site, state(parties, site), store);
                }
            }
            CompletableFuture<Integer> exit = CompletableFuture.supplyAsync(() -> commandLine(out)
                    .execute(
                            "join",
                            "--config",
                            config.toString(),
                            "--progress",
                            "plain",
                            "--tensorboard",
                            curves.toString()));
            sealBlock(sites);
            SortedSet<SiteId> announced = new TreeSet<>(parties.sites());
            RoundId round = new RoundId(parties.task.id(), 1);
            sites.coordination.open(1, 1, model, location, announced, untouched -> {});
            sites.await("uploads", () -> sites.server.manifests(1).size() == 4);
            sites.coordination.survivors(1, sites.server.manifests(1), untouched -> {});
            sites.await("answers", () -> sites.server.answers(1).size() == 4);
            int[] update = sites.server
                    .unmasked(
                            sites.coordination.terms,
                            round,
                            sites.coordination.sealHash,
                            model.sha256(),
                            RoundGroups.single(announced),
                            announced)
                    .get(0);
            for (SiteId site : parties.sites()) {
                int[] vector = VectorUpdate.encoded(parties.task, site, round);
                for (int i = 0; i < vector.length && !site.equals(real); i++) {
                    update[i] -= vector[i];
                }
            }
            // What is left of the sum is the real site's: all its examples, six held out, and an update in every chunk.
            GroupMean mean = new SumDecoder(parties.task)
                    .decode(update, parties.task.chunks().parametersOf(0), 1);
            assertThat(mean.metrics().examples()).isEqualTo(32, within(0.01));
            assertThat(mean.metrics().meanLoss()).isBetween(0.1, 2 * Math.log(3));
            assertThat(mean.metrics().evaluated()).isEqualTo(3, within(0.01));
            assertThat(mean.metrics().correct()).isBetween(0.0, 3.01);
            double square = 0;
            int changed = 0;
            for (int entry : update) {
                square += (double) entry * entry;
                changed += entry == 0 ? 0 : 1;
            }
            assertThat(changed).isGreaterThan(parties.task.layout().size() / 4);
            assertThat(Math.sqrt(square)).isBetween(100.0, 2 * parties.task.delta2());
            sites.coordination.end();
            assertThat(exit.get(60, TimeUnit.SECONDS)).isEqualTo(ExitCode.OK.code());
        }
        assertThat(out.toString().lines())
                .contains("block 1 enrolled", "round 1 unmasked survivors 4 dropouts 0")
                .anyMatch(line -> line.matches("round 1 model 0 held-out 3 macro-f1 0\\.\\d{3}"))
                .anyMatch(line -> line.matches("round 1 training 32/32 loss \\d\\.\\d{3}"))
                .anyMatch(line -> line.matches("round 1 uploaded 4 chunks \\d+ bytes"))
                .endsWith("task ended: all rounds ended with a model");
        Path file = onlyFile(curves);
        assertThat(EventFileReader.read(file))
                .extracting(EventFileReader.Event::tag)
                .startsWith("", "round/held_out_loss", "round/held_out_accuracy", "round/held_out_macro_f1")
                .containsOnlyOnce("round/training_loss")
                .filteredOn("training/loss"::equals)
                .hasSize(4);
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                .doesNotContain("room", real.value(), "negative");
    }

    private static Path onlyFile(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            return all.get(0);
        }
    }

    private static CommandLine commandLine(StringWriter out) {
        return SiteMain.commandLine().setOut(new PrintWriter(out, true));
    }

    @Test
    void check_withNoBroker_exitsWithItsCode() throws Exception {
        Parties parties = new Parties(task("lonely"));
        Path config = configure(parties, parties.keys.firstKey());
        Files.writeString(
                config, Files.readString(config).replace("bootstrap: " + broker.bootstrap(), "bootstrap: 127.0.0.1:1"));
        StringWriter err = new StringWriter();
        CommandLine commandLine = commandLine(new StringWriter()).setErr(new PrintWriter(err, true));
        assertThat(commandLine.execute("check", "--config", config.toString())).isEqualTo(ExitCode.BROKER.code());
        assertThat(err.toString()).contains("127.0.0.1:1");
    }

    /** Writes all files that a site needs, beside each other. */
    private static Path configure(Parties parties, SiteId site) throws Exception {
        Path home = Files.createDirectories(directory.resolve("home-" + parties.task.task()));
        Files.copy(directory.resolve(parties.task.task() + ".yaml"), home.resolve("task.yaml"));
        Files.writeString(
                home.resolve("trust.yaml"),
                "sites:\n%s\nservers:\n%s\n".formatted(yaml(parties.trust.sites()), yaml(parties.trust.servers())));
        byte[] key = parties.keys.get(site).pkcs8();
        Files.writeString(home.resolve("site.key"), Base64.getEncoder().encodeToString(key), StandardCharsets.US_ASCII);
        Files.writeString(home.resolve("data.csv"), Reviews.csv(64) + "a row without a label\n");
        return Files.writeString(
                home.resolve("site.yaml"),
                """
                site: %s
                task: task.yaml
                trust: trust.yaml
                identity: site.key
                state: state
                bootstrap: %s
                data: {file: data.csv, columns: {sentiment: label}, validationShare: 0.1}
                """
                        .formatted(site, broker.bootstrap()));
    }

    private static String yaml(Map<String, String> keys) {
        return keys.entrySet().stream()
                .map(entry -> "  %s: %s".formatted(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining("\n"));
    }
}
