package dev.sotto.scoring;

import static dev.sotto.scoring.TestReleases.MINUTE;
import static dev.sotto.scoring.TestReleases.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.connect.flink.OutgoingRecord;
import dev.sotto.contracts.RecordKeys;
import dev.sotto.contracts.avro.AnalyticsReleased;
import dev.sotto.contracts.avro.ReleaseKind;
import dev.sotto.contracts.avro.ReleasedCount;
import dev.sotto.privacy.NoiseSecret;
import dev.sotto.secagg.TaskId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CountReleaseTest {
    @TempDir
    private Path directory;

    private String secret = "";
    private CountRelease operator;
    private OneInputStreamOperatorTestHarness<Contribution, OutgoingRecord> harness;
    private long checkpoint;

    @BeforeEach
    void open() throws Exception {
        secret = TestReleases.secret(directory).toString();
        open(rule("10"), null);
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    private ReleaseRule rule(String budget) {
        return TestReleases.rule(2, "0.1", budget, secret);
    }

    private void open(ReleaseRule rule, @Nullable OperatorSubtaskState state) throws Exception {
        if (harness != null) {
            harness.close();
        }
        operator = new CountRelease(rule);
        harness = new OneInputStreamOperatorTestHarness<>(operator);
        harness.setup();
        if (state != null) {
            harness.initializeState(state);
        }
        harness.open();
    }

    private void add(int minute, int cell, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            harness.processElement(new Contribution(START + minute * MINUTE, cell), START + minute * MINUTE);
        }
    }

    private void watermark(int minutes) throws Exception {
        harness.processWatermark(START + minutes * MINUTE - 1);
    }

    private OperatorSubtaskState checkpoint() throws Exception {
        checkpoint++;
        OperatorSubtaskState state = harness.snapshot(checkpoint, checkpoint);
        harness.notifyOfCompletedCheckpoint(checkpoint);
        return state;
    }

    private List<AnalyticsReleased> released() {
        return harness.extractOutputValues().stream().map(TestReleases::read).toList();
    }

    private long[] noised(long[] exact, int minute) throws Exception {
        try (NoiseSecret read = NoiseSecret.read(Path.of(secret))) {
            ReleaseRule rule = rule("10");
            return rule.noise(read).noised(exact, rule.context(START + minute * MINUTE));
        }
    }

    @Test
    void window_withMessages_isReleasedWithItsNoiseAndItsTerms() throws Exception {
        add(0, 1, 5);
        add(0, 5, 2);
        watermark(1);
        checkpoint();
        assertThat(harness.extractOutputValues().get(0).key())
                .isEqualTo(RecordKeys.released(new TaskId("sentiment"), START));
        AnalyticsReleased record = released().get(0);
        assertThat(TestReleases.counts(record)).isEqualTo(noised(new long[] {0, 5, 0, 0, 0, 2}, 0));
        assertThat(record.getCounts())
                .extracting(ReleasedCount::getTopic, ReleasedCount::getLabel)
                .startsWith(tuple("billing", "negative"), tuple("billing", "neutral"))
                .hasSize(6);
        assertThat(record.getKind()).isEqualTo(ReleaseKind.WINDOW);
        assertThat(record.getWindowStart()).isEqualTo(START);
        assertThat(record.getWindowEnd()).isEqualTo(START + MINUTE);
        assertThat(record.getUnit()).isEqualTo("conversation");
        assertThat(record.getNeighbours()).isEqualTo("add-remove");
        assertThat(record.getMessagesPerUnit()).isEqualTo(2);
        assertThat(record.getSensitivity()).isEqualTo(2);
        assertThat(record.getMechanism()).isEqualTo("discrete-laplace");
        assertThat(record.getScale()).isBetween(20.0, 20.0001);
        assertThat(record.getEpsilon()).isEqualTo(0.1);
        assertThat(record.getDelta()).isZero();
        assertThat(record.getEpsilonSpent()).isEqualTo(0.1);
        assertThat(record.getEpsilonBudget()).isEqualTo(10);
    }

    @Test
    void windows_withoutAnyMessage_areReleasedOnceEachWithEveryCell() throws Exception {
        watermark(3);
        checkpoint();
        watermark(4);
        checkpoint();
        checkpoint();
        List<AnalyticsReleased> released = released();
        assertThat(released)
                .extracting(AnalyticsReleased::getWindowStart)
                .containsExactly(START, START + MINUTE, START + 2 * MINUTE, START + 3 * MINUTE);
        assertThat(released).extracting(AnalyticsReleased::getEpsilonSpent).containsExactly(0.1, 0.2, 0.3, 0.4);
        assertThat(released).extracting(AnalyticsReleased::getReleases).containsExactly(1L, 2L, 3L, 4L);
        for (int minute = 0; minute < 4; minute++) {
            assertThat(TestReleases.counts(released.get(minute))).isEqualTo(noised(new long[6], minute));
        }
    }

    @Test
    void noise_beforeACheckpointHoldsTheCounts_isNotDrawn() throws Exception {
        watermark(1);
        assertThat(released()).isEmpty();
        harness.snapshot(1, 1);
        watermark(2);
        harness.notifyOfCompletedCheckpoint(1);
        assertThat(released()).extracting(AnalyticsReleased::getWindowStart).containsExactly(START);
        assertThat(operator.windowsInState()).isOne();
        harness.snapshot(2, 2);
        harness.snapshot(3, 3);
        harness.notifyOfCompletedCheckpoint(3);
        assertThat(released()).hasSize(2);
        assertThat(operator.windowsInState()).isZero();
    }

    @Test
    void replay_afterAFailure_givesTheSameBytes() throws Exception {
        add(0, 2, 7);
        watermark(1);
        OperatorSubtaskState state = checkpoint();
        byte[] first = harness.extractOutputValues().get(0).value();
        open(rule("10"), state);
        add(0, 2, 9);
        checkpoint();
        assertThat(harness.extractOutputValues()).hasSize(1);
        assertThat(harness.extractOutputValues().get(0).value()).isEqualTo(first);
        open(rule("10"), null);
        add(0, 2, 7);
        watermark(1);
        checkpoint();
        assertThat(harness.extractOutputValues().get(0).value()).isEqualTo(first);
    }

    @Test
    void noise_ofOtherCounts_isIndependent() throws Exception {
        add(0, 2, 1);
        watermark(1);
        checkpoint();
        long[] one = TestReleases.counts(released().get(0));
        one[2]--;
        assertThat(one).isNotEqualTo(noised(new long[6], 0));
    }

    @Test
    void contribution_toAReleasedWindow_changesNothingAndStaysNowhere() throws Exception {
        watermark(1);
        checkpoint();
        add(0, 3, 4);
        assertThat(operator.windowsInState()).isZero();
        watermark(2);
        checkpoint();
        assertThat(released()).hasSize(2);
        assertThat(TestReleases.counts(released().get(1))).isEqualTo(noised(new long[6], 1));
        assertThat(operator.windowsInState()).isZero();
    }

    @Test
    void budget_withoutRoomForTheNextWindow_endsReleasesWithARecordOfWhatWasSpent() throws Exception {
        open(rule("0.35"), null);
        add(4, 0, 3);
        watermark(2);
        checkpoint();
        assertThat(released()).extracting(AnalyticsReleased::getKind).containsOnly(ReleaseKind.WINDOW);
        watermark(9);
        OperatorSubtaskState state = checkpoint();
        watermark(20);
        checkpoint();
        assertEnded(released());
        assertThat(operator.windowsInState()).isZero();
        open(rule("0.35"), state);
        watermark(30);
        add(40, 0, 1);
        checkpoint();
        // What was written after the checkpoint is written again; nothing else ever is.
        assertThat(released()).extracting(AnalyticsReleased::getReleases).containsExactly(3L, 3L);
        assertThat(operator.windowsInState()).isZero();
    }

    private static void assertEnded(List<AnalyticsReleased> released) {
        assertThat(released)
                .extracting(AnalyticsReleased::getKind)
                .containsExactly(ReleaseKind.WINDOW, ReleaseKind.WINDOW, ReleaseKind.WINDOW, ReleaseKind.END);
        AnalyticsReleased end = released.get(3);
        assertThat(end.getCounts()).isEmpty();
        assertThat(end.getWindowStart()).isEqualTo(START + 3 * MINUTE);
        assertThat(end.getEpsilonSpent()).isEqualTo(0.3);
        assertThat(end.getEpsilonBudget()).isEqualTo(0.35);
        assertThat(end.getReleases()).isEqualTo(3);
    }

    @Test
    void budget_thatFitsExactly_isSpentToTheLastWindow() throws Exception {
        open(rule("0.3"), null);
        watermark(9);
        checkpoint();
        assertEndedAfter(3);
    }

    private void assertEndedAfter(int windows) {
        assertThat(released()).hasSize(windows + 1);
        assertThat(released().get(windows).getKind()).isEqualTo(ReleaseKind.END);
    }

    @Test
    void restore_underOtherOptions_isRefusedWithTheRemedy() throws Exception {
        watermark(1);
        OperatorSubtaskState state = checkpoint();
        assertThatThrownBy(() -> open(TestReleases.rule(3, "0.1", "10", secret), state))
                .hasStackTraceContaining("messages=3")
                .hasStackTraceContaining("messages=2")
                .hasStackTraceContaining("scoring.release.from of 2026-03-01T12:01:00Z or later");
    }

    @Test
    void restore_underALargerBudget_goesOnWithWhatWasSpent() throws Exception {
        open(rule("0.3"), null);
        watermark(2);
        OperatorSubtaskState state = checkpoint();
        open(rule("0.4"), state);
        watermark(9);
        checkpoint();
        assertThat(released()).extracting(AnalyticsReleased::getEpsilonSpent).containsExactly(0.1, 0.2, 0.3, 0.4, 0.4);
    }

    @Test
    void inputThatEnds_insideAWindow_releasesNothingOfIt() throws Exception {
        add(1, 0, 3);
        watermark(1);
        harness.processWatermark(Watermark.MAX_WATERMARK);
        harness.endInput();
        harness.getOneInputOperator().finish();
        checkpoint();
        assertThat(released()).isEmpty();
    }

    /** Fails when noise is omitted, halved or of another scale. */
    @Test
    void noise_overManyWindows_hasTheScaleOfItsSensitivityAndEpsilon() throws Exception {
        int windows = 3000;
        open(rule("1000"), null);
        for (int minute = 0; minute < windows; minute += 3) {
            add(minute, 1, 40);
        }
        watermark(windows);
        checkpoint();
        List<Long> noise = new ArrayList<>();
        for (AnalyticsReleased record : released()) {
            long[] counts = TestReleases.counts(record);
            if ((record.getWindowStart() - START) / MINUTE % 3 == 0) {
                counts[1] -= 40;
            }
            for (long count : counts) {
                noise.add(count);
            }
        }
        int n = noise.size();
        assertThat(n).isEqualTo(windows * 6);
        // Moments of P[y] ~ q^|y| with q = exp(-epsilon / sensitivity).
        double q = Math.exp(-0.1 / 2);
        double variance = 2 * q / ((1 - q) * (1 - q));
        double magnitude = 2 * q / (1 - q * q);
        double mean = noise.stream().mapToLong(y -> y).average().orElseThrow();
        double meanMagnitude = noise.stream().mapToLong(Math::abs).average().orElseThrow();
        assertThat(mean).isCloseTo(0, within(4 * Math.sqrt(variance / n)));
        assertThat(meanMagnitude).isCloseTo(magnitude, within(4 * Math.sqrt((variance - magnitude * magnitude) / n)));
        double zeros = noise.stream().filter(y -> y == 0).count() / (double) n;
        double zero = (1 - q) / (1 + q);
        assertThat(zeros).isCloseTo(zero, within(4 * Math.sqrt(zero * (1 - zero) / n)));
    }
}
