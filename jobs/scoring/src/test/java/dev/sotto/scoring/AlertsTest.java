package dev.sotto.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sotto.connect.flink.RawRecord;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.apache.flink.streaming.api.operators.StreamFlatMap;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class AlertsTest {
    private static final AlertRule RULE = new AlertRule("negative", 0.8, 0.95, 12, 3, 2);
    private static final long TIME = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();
    private static final ObjectMapper JSON = new ObjectMapper();

    private static List<Alert> alerts(ScoredMessage... scored) throws Exception {
        try (OneInputStreamOperatorTestHarness<ScoredMessage, Alert> harness =
                new OneInputStreamOperatorTestHarness<>(new StreamFlatMap<>(new MessageAlerts("sentiment", RULE)))) {
            harness.open();
            for (ScoredMessage message : scored) {
                harness.processElement(message, message.message().time());
            }
            return harness.extractOutputValues();
        }
    }

    private static ScoredMessage scored(long offset, double negative, int version) {
        return TestMessages.scored(
                TestMessages.message(offset, "billing", TIME, "text ".repeat(80)), negative, version);
    }

    @Test
    void messageAlert_hasEveryRequiredAttributeOfCloudEvents() throws Exception {
        JsonNode event = JSON.readTree(alerts(scored(7, 0.9, 3)).get(0).json());
        assertThat(event.path("specversion").asText()).isEqualTo("1.0");
        assertThat(event.path("id").asText()).matches("[0-9a-f]{64}");
        assertThat(URI.create(event.path("source").asText())).hasToString("/sotto/scoring/sentiment");
        assertThat(event.path("type").asText()).isEqualTo("dev.sotto.alert.message.v1");
        assertThat(event.path("subject").asText()).isEqualTo("billing");
        assertThat(Instant.parse(event.path("time").asText()).toEpochMilli()).isEqualTo(TIME);
        assertThat(event.path("datacontenttype").asText()).isEqualTo("application/json");
    }

    @Test
    void messageAlert_data_saysWhatWhereAndWhy() throws Exception {
        JsonNode data = JSON.readTree(alerts(scored(7, 0.9, 3)).get(0).json()).path("data");
        assertThat(data.path("severity").asText()).isEqualTo("warning");
        assertThat(data.path("probability").floatValue()).isEqualTo(0.9f);
        assertThat(data.path("probabilities").size()).isEqualTo(3);
        assertThat(data.path("threshold").asDouble()).isEqualTo(0.8);
        assertThat(data.path("modelVersion").asInt()).isEqualTo(3);
        assertThat(data.path("message").path("offset").asLong()).isEqualTo(7);
        assertThat(data.path("excerpt").asText()).hasSize(280).startsWith("text text");
        JsonNode word = data.path("explanation").path(0);
        assertThat(data.path("excerpt")
                        .asText()
                        .substring(word.path("start").asInt(), word.path("end").asInt()))
                .isEqualTo(word.path("word").asText());
        assertThat(word.path("score").asDouble()).isEqualTo(0.25);
    }

    @Test
    void messageAlert_belowTheThreshold_isNone() throws Exception {
        assertThat(alerts(scored(1, 0.79, 1))).isEmpty();
    }

    @Test
    void messageAlert_nearlyCertain_isCritical() throws Exception {
        assertThat(JSON.readTree(alerts(scored(1, 0.96, 1)).get(0).json())
                        .path("data")
                        .path("severity")
                        .asText())
                .isEqualTo("critical");
    }

    @Test
    void messageAlert_sameRecordUnderAnotherModel_keepsItsId() throws Exception {
        List<Alert> alerts = alerts(scored(1, 0.9, 1), scored(1, 0.85, 2), scored(2, 0.9, 1));
        assertThat(alerts.get(0).id())
                .isEqualTo(alerts.get(1).id())
                .isNotEqualTo(alerts.get(2).id());
    }

    @Test
    void messageAlert_sameInput_hasTheSameBytes() throws Exception {
        assertThat(alerts(scored(1, 0.9, 1))).isEqualTo(alerts(scored(1, 0.9, 1)));
    }

    @Test
    void excerpt_cutInsideASurrogatePair_keepsNeitherHalf() throws Exception {
        AnonymizedMessage message = TestMessages.message(1, "billing", TIME, "x".repeat(279) + "😡 and more");
        String json = alerts(TestMessages.scored(message, 0.9, 1)).get(0).json();
        assertThat(JSON.readTree(json).path("data").path("excerpt").asText()).isEqualTo("x".repeat(279));
    }

    @Test
    void id_partsThatRunTogether_differ() {
        assertThat(AlertId.of("ab", "c")).isNotEqualTo(AlertId.of("a", "bc"));
    }

    @Test
    void modelAlert_namesTheReasonAndWhatStays() throws Exception {
        RawRecord record = new RawRecord("fl.models", 0, 4, TIME, null, new byte[] {1});
        Alert alert = new ModelAlerts("sentiment")
                .of(
                        record,
                        new RejectedRecordException(Rejection.BAD_SIGNATURE, "the signature does not hold"),
                        new ModelUpdate(2, "file:///models/2", "00"));
        JsonNode event = JSON.readTree(alert.json());
        assertThat(event.path("type").asText()).isEqualTo("dev.sotto.alert.model.v1");
        assertThat(event.path("subject").asText()).isEqualTo("sentiment");
        assertThat(event.path("data").path("reason").asText()).isEqualTo("BAD_SIGNATURE");
        assertThat(event.path("data").path("modelVersion").asInt()).isEqualTo(2);
        assertThat(event.path("data").path("announcement").path("offset").asInt())
                .isEqualTo(4);
    }

    @Test
    void scoredText_hasEveryField() throws Exception {
        JsonNode root = JSON.readTree(ScoredJson.value(scored(5, 0.9, 3)));
        assertThat(root.path("id").asText()).isEqualTo("m5");
        assertThat(root.path("channel").asText()).isEqualTo("chat");
        assertThat(root.path("subject").asText()).isEqualTo("billing");
        assertThat(root.path("time").asText()).isEqualTo("2026-03-01T12:00:00Z");
        assertThat(root.path("text").asText()).startsWith("text");
        assertThat(root.path("probabilities").path("negative").floatValue()).isEqualTo(0.9f);
        assertThat(root.path("label").asText()).isEqualTo("negative");
        assertThat(root.path("modelVersion").asInt()).isEqualTo(3);
        assertThat(root.path("entities").path(0).path("type").asText()).isEqualTo("EMAIL");
        assertThat(root.path("entities").path(0).path("end").asInt()).isEqualTo(4);
    }
}
