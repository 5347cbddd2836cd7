package dev.sotto.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sotto.broker.EmbeddedBroker;
import dev.sotto.connect.flink.FlinkModelStore;
import dev.sotto.connect.flink.JobOptions;
import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.avro.AnalyticsReleased;
import dev.sotto.contracts.avro.DeadLetter;
import dev.sotto.contracts.avro.ModelAnnounced;
import dev.sotto.contracts.avro.ReleaseKind;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.Trust;
import dev.sotto.privacy.NoiseSecret;
import dev.sotto.secagg.IdentityKeyPair;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** One run of the whole job on a real broker and a real BERT; each test goes on where the one before has stopped. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ScoringMainITCase {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant START =
            Instant.now().minus(Duration.ofHours(6)).truncatedTo(ChronoUnit.HOURS);
    private static final String ANGRY = "This is the worst service I have ever had, I am furious.";
    private static final String HAPPY = "Thank you so much, that was quick and very kind.";
    private static final String SECRET = "kate.miller@example.org";

    @TempDir
    private static Path directory;

    private static EmbeddedBroker broker;
    private static TestJob job;
    private static JobClient client;
    private static ReleaseRule release;
    private static FlinkModelStore store;
    private static URI initialAt;

    @BeforeAll
    static void start() throws Exception {
        broker = EmbeddedBroker.start(directory.resolve("broker"));
        job = new TestJob(broker.bootstrap());
        List<String> args = new ArrayList<>(TestJob.files(directory));
        args.addAll(List.of(
                "--scoring.kafka.bootstrap", broker.bootstrap(),
                "--scoring.text.idle-after", "1 s",
                "--scoring.text.out-of-order", "1 s",
                "--scoring.alert.threshold", "0.6",
                "--scoring.surge.window", "5 min",
                "--scoring.surge.warm-up", "40",
                "--scoring.release.epsilon", "0.5",
                "--scoring.release.budget", "1.6",
                "--scoring.release.topics", "billing;outage",
                "--scoring.release.from", START.toString(),
                "--scoring.release.window", "30 min",
                "--scoring.release.secret-file", TestReleases.secret(directory).toString()));
        Configuration flink = new Configuration();
        flink.setString("execution.checkpointing.interval", "500 ms");
        flink.setString("restart-strategy.type", "none");
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(2, flink);
        ScoringSettings settings =
                ScoringSettings.of(JobOptions.parse(args.toArray(new String[0]), ScoringOptions.all()));
        release = Objects.requireNonNull(settings.rules().release());
        ScoringMain.define(env, settings);
        client = env.executeAsync("scoring");
        store = new FlinkModelStore(directory.resolve("models").toUri());
        initialAt = store.put(TestModels.INITIAL);
    }

    @AfterAll
    static void stop() throws Exception {
        try {
            client.cancel().get();
        } finally {
            job.close();
            broker.close();
        }
    }

    private static void eventually(Callable<Boolean> condition) {
        await().pollInSameThread().atMost(Duration.ofSeconds(90)).until(condition);
    }

    private static void send(Channel channel, Instant time, byte[] key, byte[] value) throws Exception {
        job.producer()
                .send(new ProducerRecord<>(channel.topic().name(), null, time.toEpochMilli(), key, value))
                .get();
    }

    private static void sendFeed(Instant start, String suffix) throws Exception {
        for (TestFeed.Line line : TestFeed.lines()) {
            send(line.channel(), start.plusSeconds(line.at()), line.key(), line.value(start, suffix));
        }
    }

    private static void say(String id, String subject, Instant time, String text) throws Exception {
        byte[] value = JSON.writeValueAsBytes(
                Map.of("id", id, "conversation", "one", "subject", subject, "time", time.toString(), "text", text));
        send(Channel.CHAT, time, "one".getBytes(StandardCharsets.UTF_8), value);
    }

    private static void announce(byte[] value) throws Exception {
        job.producer()
                .send(new ProducerRecord<>(Topics.MODELS.name(), "sentiment".getBytes(StandardCharsets.UTF_8), value))
                .get();
    }

    private static List<JsonNode> json(String topic) throws Exception {
        List<JsonNode> nodes = new ArrayList<>();
        for (byte[] value : job.values(topic)) {
            nodes.add(JSON.readTree(value));
        }
        return nodes;
    }

    private static List<JsonNode> scored() throws Exception {
        return json(Topics.SCORED.name());
    }

    private static JsonNode scored(String id) throws Exception {
        return scored().stream()
                .filter(node -> node.path("id").asText().equals(id))
                .findFirst()
                .orElse(JSON.missingNode());
    }

    private static List<JsonNode> alerts(String type) throws Exception {
        return json(Topics.ALERTS.name()).stream()
                .filter(node -> node.path("type").asText().equals(type))
                .toList();
    }

    private static List<DeadLetter> letters(String topic) throws Exception {
        List<DeadLetter> letters = new ArrayList<>();
        for (byte[] value : job.values(topic)) {
            letters.add(AvroCodec.decode(value, DeadLetter.class));
        }
        return letters;
    }

    @Test
    @Order(1)
    void textsBeforeTheFirstModel_waitForItAndAreScoredOnce() throws Exception {
        sendFeed(START, "");
        announce(TestModels.announced(TestModels.INITIAL, initialAt));
        int lines = TestFeed.lines().size();
        eventually(() -> scored().size() >= lines);
        Set<String> ids = new HashSet<>();
        for (JsonNode node : scored()) {
            ids.add(node.path("id").asText());
            assertThat(node.path("modelVersion").asInt(-1)).isZero();
            double sum = 0;
            for (JsonNode probability : node.path("probabilities")) {
                sum += probability.asDouble();
            }
            assertThat(sum).isBetween(0.999, 1.001);
        }
        assertThat(ids).hasSize(lines).contains("chat-01", "fin-10");
        assertThat(scored("chat-02").path("text").asText())
                .doesNotContain("posteo")
                .contains("EMAIL");
        assertThat(scored("chat-02").path("entities").path(0).path("type").asText())
                .isEqualTo("EMAIL");
    }

    @Test
    @Order(2)
    void unreadableRecords_becomeDeadLettersWithReasons() throws Exception {
        byte[] key = {1};
        String long9000 = "{\"id\":\"x\",\"conversation\":\"c\",\"time\":\"" + START + "\",\"text\":\"" + SECRET + " "
                + "x".repeat(9000) + "\"}";
        send(Channel.CHAT, START, key, ("{\"id\": \"" + SECRET).getBytes(StandardCharsets.UTF_8));
        send(Channel.CHAT, START, key, new byte[] {'{', '"', (byte) 0xC3, (byte) 0x28, '"', '}'});
        send(Channel.CHAT, START, key, long9000.getBytes(StandardCharsets.UTF_8));
        send(Channel.FINANCE, START, key, ("{\"id\":\"" + SECRET + "\"}").getBytes(StandardCharsets.UTF_8));
        eventually(() -> letters("text.chat.dlq").size() >= 3
                && letters("text.finance.dlq").size() >= 1);
        assertThat(letters("text.chat.dlq"))
                .extracting(DeadLetter::getReason)
                .containsExactlyInAnyOrder("MALFORMED", "MALFORMED", "TOO_LARGE");
        assertThat(letters("text.finance.dlq"))
                .extracting(DeadLetter::getReason)
                .containsExactly("INVALID_FIELD");
        assertThat(letters("text.chat.dlq")).allSatisfy(letter -> {
            assertThat(letter.getValue()).isNull();
            assertThat(letter.getOffset()).isNotNegative();
            assertThat(letter.getSize()).isPositive();
        });
    }

    @Test
    @Order(3)
    void messageOfTwoMegabytes_isRefusedByTheBrokerOrByTheParser() throws Exception {
        byte[] value = ("{\"id\":\"big\",\"conversation\":\"c\",\"time\":\"" + START + "\",\"text\":\""
                        + "x".repeat(2 << 20) + "\"}")
                .getBytes(StandardCharsets.UTF_8);
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(Topics.CHAT.name(), null, START.toEpochMilli(), null, value);
        try (KafkaProducer<byte[], byte[]> plain =
                TestJob.producer(broker.bootstrap(), Map.of("max.request.size", 4 << 20))) {
            assertThatThrownBy(() -> plain.send(record).get()).hasCauseInstanceOf(RecordTooLargeException.class);
        }
        // The broker's bound is on what is sent: compressed, the same message lands.
        try (KafkaProducer<byte[], byte[]> compressed =
                TestJob.producer(broker.bootstrap(), Map.of("max.request.size", 4 << 20, "compression.type", "gzip"))) {
            compressed.send(record).get();
        }
        eventually(() -> letters("text.chat.dlq").size() >= 4);
        assertThat(letters("text.chat.dlq"))
                .filteredOn(letter -> letter.getSize() == value.length)
                .extracting(DeadLetter::getReason)
                .containsExactly("TOO_LARGE");
    }

    @Test
    @Order(4)
    void forgedAndBrokenModels_areRefusedWithAlertsAndTheOldOneStays() throws Exception {
        Checkpoint next = TestModels.trained();
        URI at = store.put(next);
        IdentityKeyPair forger = IdentityKeyPair.generate(new SecureRandom());
        announce(TestModels.signed(TestModels.announcement(next, at), Trust.AGGREGATION, forger));
        ModelAnnounced wrongHash = TestModels.announcement(next, at);
        wrongHash.setSha256(ByteBuffer.wrap(new byte[32]));
        announce(TestModels.signed(wrongHash, Trust.AGGREGATION, TestModels.AGGREGATION));
        eventually(() ->
                letters("fl.models.dlq").size() >= 2 && alerts(ModelAlerts.TYPE).size() >= 2);
        assertThat(letters("fl.models.dlq"))
                .extracting(DeadLetter::getReason)
                .containsExactlyInAnyOrder("BAD_SIGNATURE", "BAD_MODEL");
        assertThat(alerts(ModelAlerts.TYPE)).allSatisfy(alert -> assertThat(
                        alert.path("data").path("modelVersion").asInt(-1))
                .isZero());
        say("after-forgery", "billing", START.plusSeconds(100), HAPPY);
        eventually(() -> !scored("after-forgery").isMissingNode());
        assertThat(scored("after-forgery").path("modelVersion").asInt(-1)).isZero();
    }

    @Test
    @Order(5)
    void trainedModel_isSwappedInWhileTheJobRuns() throws Exception {
        Checkpoint next = TestModels.trained();
        announce(TestModels.announced(next, store.put(next)));
        int[] tries = {0};
        eventually(() -> {
            String id = "probe-" + tries[0]++;
            say(id, "probe", START.plusSeconds(200), HAPPY);
            eventually(() -> !scored(id).isMissingNode());
            return scored(id).path("modelVersion").asInt() == 1;
        });
        sendFeed(START.plusSeconds(600), "-again");
        eventually(() -> !scored("chat-01-again").isMissingNode()
                && !scored("fin-10-again").isMissingNode());
        assertThat(scored("chat-06-again").path("label").asText()).isEqualTo("negative");
        assertThat(scored("chat-04-again").path("label").asText()).isEqualTo("positive");
    }

    @Test
    @Order(6)
    void negativeMessages_raiseAlertsThatExplainThemselves() throws Exception {
        say("angry", "billing", START.plusSeconds(700), ANGRY + " Write to " + SECRET);
        eventually(() ->
                alerts(MessageAlerts.TYPE).stream().anyMatch(alert -> id(alert).equals("angry")));
        JsonNode alert = alerts(MessageAlerts.TYPE).stream()
                .filter(event -> id(event).equals("angry"))
                .findFirst()
                .orElseThrow();
        String text = scored("angry").path("text").asText();
        assertThat(alert.path("specversion").asText()).isEqualTo("1.0");
        assertThat(alert.path("data").path("modelVersion").asInt()).isEqualTo(1);
        assertThat(alert.path("data").path("probability").asDouble()).isGreaterThanOrEqualTo(0.6);
        assertThat(alert.path("data").path("excerpt").asText()).isEqualTo(text);
        assertThat(alert.path("data").path("explanation")).isNotEmpty().allSatisfy(word -> assertThat(text.substring(
                        word.path("start").asInt(), word.path("end").asInt()))
                .isEqualTo(word.path("word").asText()));
    }

    private static String id(JsonNode alert) {
        return alert.path("data").path("message").path("id").asText();
    }

    @Test
    @Order(7)
    void surge_ofNegativeMessages_firesAndResolves() throws Exception {
        Instant begin = START.plus(Duration.ofHours(1));
        for (int minute = 0; minute < 60; minute++) {
            boolean angry = minute >= 40 && minute < 43;
            for (int i = 0; i < (angry ? 6 : 2); i++) {
                say(
                        "surge-" + minute + "-" + i,
                        "outage",
                        begin.plus(Duration.ofMinutes(minute)).plusSeconds(i),
                        angry ? ANGRY : HAPPY);
            }
        }
        eventually(() -> alerts(SurgeAlerts.TYPE).size() >= 2);
        List<JsonNode> alerts = alerts(SurgeAlerts.TYPE);
        assertThat(alerts)
                .allSatisfy(alert -> assertThat(alert.path("subject").asText()).isEqualTo("outage"));
        assertThat(alerts)
                .extracting(alert -> alert.path("data").path("state").asText())
                .containsExactly("firing", "resolved");
        assertThat(alerts.get(0).path("data").path("startsAt").asText())
                .isEqualTo(begin.plus(Duration.ofMinutes(41)).toString());
        assertThat(alerts.get(0).path("data").path("tail").asDouble()).isLessThan(1e-4);
    }

    private static List<AnalyticsReleased> released() throws Exception {
        List<AnalyticsReleased> released = new ArrayList<>();
        for (byte[] value : job.values(Topics.RELEASED.name())) {
            released.add(AvroCodec.decode(value, AnalyticsReleased.class));
        }
        return released;
    }

    /** Of the conversation's messages the three oldest of a window count, and what is written is their counts with the noise. */
    @Test
    @Order(8)
    void releases_endWithTheBudgetAndHoldBoundedCountsWithNoise() throws Exception {
        eventually(() -> released().size() >= 4);
        List<AnalyticsReleased> released = released();
        assertThat(released)
                .extracting(AnalyticsReleased::getKind)
                .containsExactly(ReleaseKind.WINDOW, ReleaseKind.WINDOW, ReleaseKind.WINDOW, ReleaseKind.END);
        assertThat(released).extracting(AnalyticsReleased::getEpsilonSpent).containsExactly(0.5, 1.0, 1.5, 1.5);
        List<String> topics = List.of("billing", "outage");
        List<String> labels = List.of("negative", "neutral", "positive");
        long[] exact = new long[topics.size() * labels.size()];
        for (String id : List.of("surge-0-0", "surge-0-1", "surge-1-0")) {
            exact[labels.size() + labels.indexOf(scored(id).path("label").asText())]++;
        }
        long window = START.plus(Duration.ofHours(1)).toEpochMilli();
        assertThat(released.get(2).getWindowStart()).isEqualTo(window);
        try (NoiseSecret secret = NoiseSecret.read(directory.resolve("noise.secret"))) {
            assertThat(TestReleases.counts(released.get(2)))
                    .isEqualTo(release.noise(secret).noised(exact, release.context(window)));
        }
    }

    @Test
    @Order(9)
    void rollback_bringsTheOlderModelBackWhileTheJobRuns() throws Exception {
        announce(TestModels.rollback(TestModels.INITIAL, initialAt, 1));
        int[] tries = {0};
        eventually(() -> {
            String id = "back-" + tries[0]++;
            say(id, "probe", START.plusSeconds(800), HAPPY);
            eventually(() -> !scored(id).isMissingNode());
            return scored(id).path("modelVersion").asInt() == 0;
        });
        assertThat(alerts(ModelAlerts.TYPE)).hasSize(2);
    }

    @Test
    @Order(10)
    void everythingWritten_holdsNoPersonalDataAndEveryAlertOnce() throws Exception {
        List<String> secrets = new ArrayList<>(TestFeed.secrets());
        secrets.add(SECRET);
        job.everything().forEach((topic, values) -> {
            for (byte[] value : values) {
                assertThat(new String(value, StandardCharsets.UTF_8)).doesNotContain(secrets);
            }
        });
        assertThat(json(Topics.ALERTS.name()))
                .extracting(alert -> alert.path("id").asText())
                .doesNotHaveDuplicates();
        assertThat(scored()).extracting(node -> node.path("id").asText()).doesNotHaveDuplicates();
        assertThat(client.getJobStatus().get()).isEqualTo(JobStatus.RUNNING);
    }
}
