package dev.sotto.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sotto.bert.Variant;
import dev.sotto.contracts.ServingTurn;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.LocalModelStore;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MiniBatchScorerTest {
    private static final BatchRule BATCHES =
            new BatchRule(4, Duration.ofMillis(50), 100, Duration.ofMillis(1), Duration.ofSeconds(1));
    private static final AlertRule ALERTS = new AlertRule("negative", 0.6, 0.95, 12, 3, 2);
    private static final String ANGRY = "This is the worst service I have ever had, I am furious.";
    private static final String HAPPY = "Thank you so much, that was quick and very kind.";

    @TempDir
    private Path directory;

    private LocalModelStore store;
    private AbstractStreamOperatorTestHarness<ScoredMessage> harness;

    /** Held, so that each is compiled once and not for every test. */
    private static List<SharedScorers.Lease> held;

    @BeforeAll
    static void hold() throws Exception {
        held = List.of(
                SharedScorers.open(TestModels.INITIAL, Variant.FP32),
                SharedScorers.open(TestModels.trained(), Variant.FP32));
    }

    @AfterAll
    static void letGo() {
        held.forEach(SharedScorers.Lease::close);
        assertThat(SharedScorers.open()).isZero();
    }

    @BeforeEach
    void open() throws Exception {
        store = new LocalModelStore(directory);
        harness = harness(null);
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
        await().until(() -> SharedScorers.open() == held.size());
    }

    private AbstractStreamOperatorTestHarness<ScoredMessage> harness(OperatorSubtaskState state) throws Exception {
        String root = directory.toString();
        ModelStoreSource source = () -> new LocalModelStore(Path.of(root));
        AbstractStreamOperatorTestHarness<ScoredMessage> made = new AbstractStreamOperatorTestHarness<>(
                new MiniBatchScorerFactory(BATCHES, ALERTS, 0, source, Variant.FP32), 1, 1, 0);
        made.setup();
        if (state != null) {
            made.initializeState(state);
        }
        made.open();
        return made;
    }

    private MiniBatchScorer operator() {
        return (MiniBatchScorer) harness.getOperator();
    }

    private void send(long offset, String text) throws Exception {
        operator()
                .processElement1(new StreamRecord<>(
                        TestMessages.message(offset, "billing", 1000 * offset, text), 1000 * offset));
    }

    private void announce(Checkpoint checkpoint) throws Exception {
        announce(checkpoint, store.put(checkpoint));
    }

    private void announce(Checkpoint checkpoint, URI at) throws Exception {
        ModelUpdate update = new ModelUpdate(
                checkpoint.manifest().version(),
                at.toString(),
                checkpoint.manifest().sha256());
        operator().processElement2(new StreamRecord<>(update));
    }

    /** Lets processing time go by until it is so; the harness is not thread-safe, so in this thread. */
    private void eventually(Callable<Boolean> condition) {
        await().pollInSameThread().atMost(Duration.ofSeconds(60)).until(() -> {
            harness.setProcessingTime(
                    harness.getProcessingTime() + BATCHES.delay().toMillis());
            return condition.call();
        });
    }

    private void announceAndSwap(Checkpoint checkpoint) throws Exception {
        announce(checkpoint);
        eventually(() -> harness.getProcessingTimeService().getNumActiveTimers() == 0);
    }

    private List<Long> offsets() {
        return harness.extractOutputValues().stream()
                .map(scored -> scored.message().coordinates().offset())
                .toList();
    }

    @Test
    void message_beforeTheFirstModel_waitsAndIsScoredInOrder() throws Exception {
        for (int i = 1; i <= 6; i++) {
            send(i, HAPPY);
        }
        harness.setProcessingTime(1000);
        assertThat(offsets()).isEmpty();
        announce(TestModels.INITIAL);
        eventually(() -> offsets().size() == 6);
        assertThat(offsets()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(harness.extractOutputValues())
                .extracting(ScoredMessage::modelVersion)
                .containsOnly(0);
    }

    @Test
    void message_beforeTheFirstModel_isState() throws Exception {
        send(1, HAPPY);
        send(2, ANGRY);
        harness.prepareSnapshotPreBarrier(1);
        OperatorSubtaskState state = harness.snapshot(1, 1);
        // As a failure does: without the end of input that closing the harness would play.
        operator().close();
        harness = harness(state);
        announce(TestModels.INITIAL);
        eventually(() -> offsets().size() == 2);
        assertThat(offsets()).containsExactly(1L, 2L);
    }

    @Test
    void waitingBuffer_beyondItsBound_stillTakesAndLosesNothing() throws Exception {
        for (int i = 1; i <= BATCHES.waiting() + 5; i++) {
            send(i, HAPPY);
        }
        announce(TestModels.INITIAL);
        eventually(() -> offsets().size() == BATCHES.waiting() + 5);
        assertThat(offsets()).doesNotHaveDuplicates();
    }

    @Test
    void batch_full_isScoredAtOnce() throws Exception {
        announceAndSwap(TestModels.INITIAL);
        for (int i = 1; i <= 3; i++) {
            send(i, HAPPY);
        }
        assertThat(offsets()).isEmpty();
        send(4, HAPPY);
        assertThat(offsets()).hasSize(4);
    }

    @Test
    void batch_notFull_isScoredWhenTheDelayIsOver() throws Exception {
        announceAndSwap(TestModels.INITIAL);
        send(1, HAPPY);
        harness.setProcessingTime(harness.getProcessingTime() + BATCHES.delay().toMillis() - 1);
        assertThat(offsets()).isEmpty();
        harness.setProcessingTime(harness.getProcessingTime() + 1);
        assertThat(offsets()).containsExactly(1L);
    }

    @Test
    void barrier_withABatchHalfFull_findsNothingToKeep() throws Exception {
        announceAndSwap(TestModels.INITIAL);
        send(1, HAPPY);
        harness.prepareSnapshotPreBarrier(1);
        assertThat(offsets()).containsExactly(1L);
        OperatorSubtaskState state = harness.snapshot(1, 1);
        harness.close();
        harness = harness(state);
        harness.setProcessingTime(1000);
        assertThat(offsets()).isEmpty();
    }

    @Test
    void restore_withAModel_scoresWithItAtOnce() throws Exception {
        announceAndSwap(TestModels.INITIAL);
        harness.prepareSnapshotPreBarrier(1);
        OperatorSubtaskState state = harness.snapshot(1, 1);
        harness.close();
        harness = harness(state);
        for (int i = 1; i <= 4; i++) {
            send(i, HAPPY);
        }
        assertThat(offsets()).hasSize(4);
    }

    @Test
    void watermark_withMessagesInTheBatch_comesAfterThem() throws Exception {
        announceAndSwap(TestModels.INITIAL);
        send(1, HAPPY);
        operator().processWatermark1(new Watermark(5000));
        assertThat(List.copyOf(harness.getOutput())).last().isEqualTo(new Watermark(5000));
        assertThat(offsets()).containsExactly(1L);
    }

    @Test
    void watermark_beforeTheFirstModel_isHeldBackUntilTheMessagesAreScored() throws Exception {
        send(1, HAPPY);
        operator().processWatermark1(new Watermark(5000));
        assertThat(harness.getOutput()).isEmpty();
        announce(TestModels.INITIAL);
        eventually(() -> harness.getOutput().size() == 2);
        assertThat(List.copyOf(harness.getOutput())).last().isEqualTo(new Watermark(5000));
    }

    @Test
    void newModel_whileScoring_isSwappedInBetweenBatchesAndTheOldOneClosed() throws Exception {
        float[] parameters = TestModels.INITIAL.vector();
        parameters[0] += 0.01f;
        Checkpoint first = TestModels.child(TestModels.INITIAL, parameters);
        announceAndSwap(first);
        assertThat(SharedScorers.open()).isEqualTo(held.size() + 1);
        send(1, ANGRY);
        harness.setProcessingTime(harness.getProcessingTime() + BATCHES.delay().toMillis());
        announceAndSwap(TestModels.child(first, TestModels.trained().vector()));
        assertThat(SharedScorers.open()).as("the trained one is held anyway").isEqualTo(held.size());
        send(2, ANGRY);
        harness.setProcessingTime(harness.getProcessingTime() + BATCHES.delay().toMillis());
        assertThat(harness.extractOutputValues())
                .extracting(ScoredMessage::modelVersion)
                .containsExactly(1, 2);
        assertThat(harness.extractOutputValues().get(1).probability("negative"))
                .isGreaterThan(harness.extractOutputValues().get(0).probability("negative"));
    }

    @Test
    void rollback_whileScoring_isSwappedInBetweenBatches_alsoAfterARestore() throws Exception {
        announceAndSwap(TestModels.INITIAL);
        announceAndSwap(TestModels.trained());
        send(1, ANGRY);
        harness.setProcessingTime(harness.getProcessingTime() + BATCHES.delay().toMillis());
        rollBack(TestModels.INITIAL, 1);
        eventually(() -> harness.getProcessingTimeService().getNumActiveTimers() == 0);
        announce(TestModels.trained());
        send(2, ANGRY);
        harness.setProcessingTime(harness.getProcessingTime() + BATCHES.delay().toMillis());
        assertThat(harness.extractOutputValues())
                .extracting(ScoredMessage::turn)
                .containsExactly(ServingTurn.made(1), new ServingTurn(0, 1));
        OperatorSubtaskState state = harness.snapshot(1, 1);
        harness.close();
        harness = harness(state);
        send(3, ANGRY);
        harness.setProcessingTime(harness.getProcessingTime() + BATCHES.delay().toMillis());
        assertThat(harness.extractOutputValues())
                .extracting(ScoredMessage::modelVersion)
                .containsExactly(0);
    }

    @Test
    void rollback_whileTheModelItWithdrawsIsCompiled_thatOneNeverServes() throws Exception {
        announceAndSwap(TestModels.INITIAL);
        announce(TestModels.trained());
        rollBack(TestModels.INITIAL, 1);
        for (int i = 1; i <= 40; i++) {
            send(i, ANGRY);
            harness.setProcessingTime(
                    harness.getProcessingTime() + BATCHES.delay().toMillis());
        }
        eventually(() -> harness.getProcessingTimeService().getNumActiveTimers() == 0);
        assertThat(harness.extractOutputValues())
                .hasSize(40)
                .extracting(ScoredMessage::modelVersion)
                .containsOnly(0);
    }

    private void rollBack(Checkpoint checkpoint, int withdrawn) throws Exception {
        operator()
                .processElement2(new StreamRecord<>(new ModelUpdate(
                        checkpoint.manifest().version(),
                        store.put(checkpoint).toString(),
                        checkpoint.manifest().sha256(),
                        withdrawn,
                        Variant.FP32)));
    }

    @Test
    void newModel_thatTheStoreDoesNotHave_leavesTheOldOneAndIsTriedAgain() throws Exception {
        announceAndSwap(TestModels.INITIAL);
        Checkpoint next = TestModels.child(TestModels.INITIAL, TestModels.INITIAL.vector());
        URI at = store.put(next);
        Path weights = Path.of(at).resolve(Checkpoint.WEIGHTS);
        Path away = weights.resolveSibling("away");
        Files.move(weights, away);
        announce(next, at);
        for (int i = 1; i <= 4; i++) {
            send(i, HAPPY);
        }
        assertThat(harness.extractOutputValues())
                .extracting(ScoredMessage::modelVersion)
                .containsOnly(0);
        Files.move(away, weights);
        eventually(() -> harness.getProcessingTimeService().getNumActiveTimers() == 0);
        for (int i = 5; i <= 8; i++) {
            send(i, HAPPY);
        }
        assertThat(harness.extractOutputValues().get(7).modelVersion()).isEqualTo(1);
    }

    @Test
    void alert_isExplainedByItsWordsAtTheirOffsets() throws Exception {
        announceAndSwap(TestModels.INITIAL);
        announceAndSwap(TestModels.trained());
        send(1, ANGRY);
        send(2, HAPPY);
        operator().endInput(1);
        ScoredMessage angry = harness.extractOutputValues().get(0);
        assertThat(angry.label()).isEqualTo("negative");
        assertThat(angry.probability("negative")).isGreaterThan(0.6f);
        assertThat(angry.explanation()).hasSize(3).allSatisfy(word -> assertThat(
                        ANGRY.substring(word.start(), word.end()))
                .isEqualTo(word.word()));
        assertThat(angry.explanation().get(0).score()).isPositive();
        assertThat(harness.extractOutputValues().get(1).explanation()).isEmpty();
    }

    @Test
    void alerts_beyondTheBatchsBudget_carryNoExplanation() throws Exception {
        announceAndSwap(TestModels.trained());
        for (int i = 1; i <= 4; i++) {
            send(i, ANGRY);
        }
        assertThat(harness.extractOutputValues())
                .filteredOn(scored -> !scored.explanation().isEmpty())
                .hasSize(2);
    }

    @Test
    void finish_withoutAnyModel_namesWhatIsMissing() throws Exception {
        send(1, HAPPY);
        assertThatThrownBy(() -> operator().finish())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("1 messages wait for a first model");
        announce(TestModels.INITIAL);
    }

    @Test
    void finish_whileAModelIsCompiled_waitsForIt() throws Exception {
        send(1, HAPPY);
        announce(TestModels.INITIAL);
        operator().finish();
        assertThat(offsets()).containsExactly(1L);
    }
}
