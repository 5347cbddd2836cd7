package dev.sotto.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sotto.contracts.ServingTurn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SurgeDetectorTest {
    private static final long MINUTE = 60_000;
    private static final long START = 1_772_000_000_000L / MINUTE * MINUTE;
    private static final SurgeRule RULE =
            new SurgeRule(Duration.ofMinutes(5), Duration.ofMinutes(1), 1e-4, 0.05, 2, 5, 50, Duration.ofHours(6));

    private KeyedOneInputStreamOperatorTestHarness<String, ScoredMessage, Alert> harness;
    private long offset;

    @BeforeEach
    void open() throws Exception {
        harness = harness(null);
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, ScoredMessage, Alert> harness(
            OperatorSubtaskState state) throws Exception {
        KeyedOneInputStreamOperatorTestHarness<String, ScoredMessage, Alert> made =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new KeyedProcessOperator<>(
                                new SurgeDetector(RULE, new SurgeAlerts("sentiment", "negative", RULE))),
                        scored -> SurgeKey.of(scored).toString(),
                        Types.STRING);
        made.setup();
        if (state != null) {
            made.initializeState(state);
        }
        made.open();
        return made;
    }

    private void say(String subject, long time, boolean negative, int version) throws Exception {
        AnonymizedMessage message = TestMessages.message(offset++, subject, time, "text");
        harness.processElement(TestMessages.scored(message, negative ? 0.9 : 0.1, version), time);
    }

    private void minutes(int from, int to, int messages, int negatives, int version) throws Exception {
        for (int minute = from; minute < to; minute++) {
            for (int i = 0; i < messages; i++) {
                say("billing", START + minute * MINUTE + i * 1000L, i < negatives, version);
            }
            harness.processWatermark(new Watermark(START + (minute + 1) * MINUTE));
        }
    }

    private List<JsonNode> alerts() throws Exception {
        List<JsonNode> alerts = new ArrayList<>();
        for (Alert alert : harness.extractOutputValues()) {
            alerts.add(new ObjectMapper().readTree(alert.json()));
        }
        return alerts;
    }

    @Test
    void surge_beginsAndEnds_asCloudEventsWithOneBeginning() throws Exception {
        minutes(0, 60, 20, 2, 1);
        minutes(60, 64, 20, 16, 1);
        minutes(64, 80, 20, 2, 1);
        List<JsonNode> alerts = alerts();
        assertThat(alerts).hasSize(2);
        JsonNode firing = alerts.get(0);
        JsonNode resolved = alerts.get(1);
        assertThat(firing.path("type").asText()).isEqualTo("dev.sotto.alert.surge.v1");
        assertThat(firing.path("subject").asText()).isEqualTo("billing");
        assertThat(firing.path("data").path("state").asText()).isEqualTo("firing");
        assertThat(firing.path("data").has("endsAt")).isFalse();
        assertThat(firing.path("data").path("window").path("count").asInt()).isEqualTo(24);
        assertThat(firing.path("data").path("tail").asDouble()).isLessThan(1e-4);
        assertThat(resolved.path("data").path("state").asText()).isEqualTo("resolved");
        assertThat(resolved.path("data").path("startsAt"))
                .isEqualTo(firing.path("data").path("startsAt"));
        assertThat(resolved.path("data").path("endsAt").asText())
                .isGreaterThan(resolved.path("data").path("startsAt").asText());
        assertThat(resolved.path("id")).isNotEqualTo(firing.path("id"));
    }

    @Test
    void surge_replayedAfterARestore_hasTheSameBytes() throws Exception {
        minutes(0, 60, 20, 2, 1);
        OperatorSubtaskState state = harness.snapshot(1, 1);
        minutes(60, 62, 20, 16, 1);
        List<Alert> first = harness.extractOutputValues();
        harness.close();
        harness = harness(state);
        minutes(60, 62, 20, 16, 1);
        assertThat(first).hasSize(1).isEqualTo(harness.extractOutputValues());
    }

    @Test
    void subjects_doNotMix() throws Exception {
        minutes(0, 60, 20, 2, 1);
        for (int i = 0; i < 40; i++) {
            say("delivery", START + 60 * MINUTE + i, true, 1);
        }
        harness.processWatermark(new Watermark(START + 70 * MINUTE));
        assertThat(alerts()).isEmpty();
    }

    @Test
    void newModelVersion_whileFiring_resolvesAndWarmsUpAgain() throws Exception {
        minutes(0, 60, 20, 2, 1);
        minutes(60, 62, 20, 16, 1);
        minutes(62, 64, 20, 16, 2);
        List<JsonNode> alerts = alerts();
        assertThat(alerts).hasSize(2);
        assertThat(alerts.get(1).path("data").path("reason").asText()).isEqualTo("model");
    }

    @Test
    void rollback_whileFiring_resolvesAndCountsTheOlderVersionAgain() throws Exception {
        minutes(0, 60, 20, 2, 2);
        minutes(60, 62, 20, 16, 2);
        ServingTurn back = new ServingTurn(1, 2);
        for (int i = 0; i < 20; i++) {
            AnonymizedMessage message = TestMessages.message(offset++, "billing", START + 62 * MINUTE + i, "text");
            harness.processElement(TestMessages.scored(message, 0.1, back), START + 62 * MINUTE + i);
        }
        say("billing", START + 62 * MINUTE + 30, true, 2);
        List<JsonNode> alerts = alerts();
        assertThat(alerts).hasSize(2);
        assertThat(alerts.get(1).path("data").path("reason").asText()).isEqualTo("model");
        assertThat(harness.numKeyedStateEntries()).isOne();
    }

    @Test
    void messageScoredByAnOlderVersion_isNotCounted() throws Exception {
        minutes(0, 60, 20, 2, 2);
        minutes(60, 62, 20, 20, 1);
        assertThat(alerts()).isEmpty();
    }

    @Test
    void lateMessage_outsideEveryComingWindow_isNotCounted() throws Exception {
        minutes(0, 60, 20, 2, 1);
        for (int i = 0; i < 40; i++) {
            say("billing", START + 50 * MINUTE, true, 1);
        }
        minutes(60, 70, 20, 2, 1);
        assertThat(alerts()).isEmpty();
    }

    @Test
    void lateMessage_insideAComingWindow_isCounted() throws Exception {
        minutes(0, 60, 20, 2, 1);
        for (int i = 0; i < 40; i++) {
            say("billing", START + 58 * MINUTE, true, 1);
        }
        minutes(60, 61, 20, 2, 1);
        assertThat(alerts()).hasSize(1);
    }

    @Test
    void endOfInput_whileFiring_resolvesAndForgets() throws Exception {
        minutes(0, 60, 20, 2, 1);
        minutes(60, 62, 20, 16, 1);
        harness.processWatermark(Watermark.MAX_WATERMARK);
        assertThat(alerts()).hasSize(2);
        assertThat(harness.numEventTimeTimers()).isZero();
        assertThat(harness.numKeyedStateEntries()).isZero();
    }
}
