package dev.sotto.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.connect.flink.RawRecord;
import dev.sotto.connect.flink.Refused;
import dev.sotto.contracts.Rejection;
import dev.sotto.contracts.Topics;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.LocalModelStore;
import java.net.URI;
import java.nio.file.Path;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelGateTest {
    @TempDir
    private Path directory;

    private LocalModelStore store;
    private OneInputStreamOperatorTestHarness<RawRecord, ModelUpdate> harness;

    @BeforeEach
    void open() throws Exception {
        store = new LocalModelStore(directory);
        harness = harness(null);
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
        assertThat(SharedScorers.open()).isZero();
    }

    private OneInputStreamOperatorTestHarness<RawRecord, ModelUpdate> harness(OperatorSubtaskState state)
            throws Exception {
        String root = directory.toString();
        OneInputStreamOperatorTestHarness<RawRecord, ModelUpdate> made =
                new OneInputStreamOperatorTestHarness<>(new ProcessOperator<>(new ModelGate(
                        TestModels.SERVED,
                        TestModels.TRUST,
                        () -> new LocalModelStore(Path.of(root)),
                        VariantRule.SINGLE_PRECISION)));
        made.setup();
        if (state != null) {
            made.initializeState(state);
        }
        made.open();
        return made;
    }

    private void announce(long offset, byte[] value) throws Exception {
        harness.processElement(new RawRecord(Topics.MODELS.name(), 0, offset, 1000, null, value), 1000);
    }

    @Test
    void goodModel_goesOnToTheScorers() throws Exception {
        URI at = store.put(TestModels.INITIAL);
        announce(0, TestModels.announced(TestModels.INITIAL, at));
        assertThat(harness.extractOutputValues())
                .containsExactly(new ModelUpdate(
                        0, at.toString(), TestModels.INITIAL.manifest().sha256()));
    }

    @Test
    void badModel_isADeadLetterAndAnAlertAndTheOldOneStays() throws Exception {
        announce(0, TestModels.announced(TestModels.INITIAL, store.put(TestModels.INITIAL)));
        announce(1, new byte[] {1, 2, 3});
        assertThat(harness.extractOutputValues()).hasSize(1);
        Refused refused = harness.getSideOutput(Refused.TAG).element().getValue();
        assertThat(refused.deadLetterTopic()).isEqualTo("fl.models.dlq");
        assertThat(refused.reason()).isEqualTo(Rejection.MALFORMED);
        Alert alert = harness.getSideOutput(ModelGate.ALERTS).element().getValue();
        assertThat(alert.json()).contains("\"reason\":\"MALFORMED\"", "\"modelVersion\":0");
        Checkpoint next = TestModels.child(TestModels.INITIAL, TestModels.INITIAL.vector());
        announce(2, TestModels.announced(next, store.put(next)));
        assertThat(harness.extractOutputValues()).hasSize(2);
    }

    @Test
    void tombstone_isPassedOver() throws Exception {
        announce(0, new byte[0]);
        assertThat(harness.extractOutputValues()).isEmpty();
        assertThat(harness.getSideOutput(Refused.TAG)).isNull();
    }

    @Test
    void rollback_isInForceAfterARestore_andAgainstTheModelItWithdrew() throws Exception {
        URI at = store.put(TestModels.INITIAL);
        Checkpoint bad = TestModels.child(TestModels.INITIAL, TestModels.INITIAL.vector());
        byte[] announcedBad = TestModels.announced(bad, store.put(bad));
        announce(0, TestModels.announced(TestModels.INITIAL, at));
        announce(1, announcedBad);
        announce(2, TestModels.rollback(TestModels.INITIAL, at, 1));
        assertThat(harness.extractOutputValues())
                .extracting(ModelUpdate::version)
                .containsExactly(0, 1, 0);
        OperatorSubtaskState state = harness.snapshot(1, 1);
        harness.close();
        harness = harness(state);
        announce(3, announcedBad);
        assertThat(harness.extractOutputValues()).isEmpty();
        assertThat(harness.getSideOutput(Refused.TAG)).isNull();
        Checkpoint better = TestModels.child(bad, TestModels.INITIAL.vector());
        announce(4, TestModels.announced(better, store.put(better)));
        assertThat(harness.extractOutputValues())
                .extracting(ModelUpdate::version)
                .containsExactly(2);
    }

    @Test
    void rollback_readBeforeTheModelItWithdraws_asAfterCompaction_isInForce() throws Exception {
        URI at = store.put(TestModels.INITIAL);
        Checkpoint bad = TestModels.child(TestModels.INITIAL, TestModels.INITIAL.vector());
        announce(0, TestModels.rollback(TestModels.INITIAL, at, 1));
        announce(1, TestModels.announced(bad, store.put(bad)));
        assertThat(harness.extractOutputValues())
                .extracting(ModelUpdate::version)
                .containsExactly(0);
    }

    @Test
    void restore_remembersWhichModelIsInPlace() throws Exception {
        byte[] initial = TestModels.announced(TestModels.INITIAL, store.put(TestModels.INITIAL));
        Checkpoint next = TestModels.child(TestModels.INITIAL, TestModels.INITIAL.vector());
        announce(0, initial);
        announce(1, TestModels.announced(next, store.put(next)));
        OperatorSubtaskState state = harness.snapshot(1, 1);
        harness.close();
        harness = harness(state);
        announce(2, initial);
        assertThat(harness.extractOutputValues()).isEmpty();
        assertThat(harness.getSideOutput(Refused.TAG).element().getValue().reason())
                .isEqualTo(Rejection.CONFLICT);
    }
}
