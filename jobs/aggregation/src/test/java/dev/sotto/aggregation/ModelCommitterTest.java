package dev.sotto.aggregation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.connect.flink.OutgoingRecord;
import dev.sotto.contracts.EnvelopeSigner;
import dev.sotto.contracts.avro.ModelAnnounced;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.LocalModelStore;
import dev.sotto.federation.ModelLineage;
import dev.sotto.federation.PrivacyUnit;
import dev.sotto.federation.RoundMetrics;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCommitterTest {
    private static final long RETENTION = 60_000;
    private static final RoundMetrics METRICS = new RoundMetrics(400, 200, 100, 80);

    @TempDir
    Path directory;

    private TestFederation federation;
    private Checkpoint model;
    private KeyedOneInputStreamOperatorTestHarness<String, ModelSlice, OutgoingRecord> committer;

    @BeforeEach
    void openCommitter() throws Exception {
        federation = new TestFederation(3);
        model = Checkpoint.initial(federation.task(), 7);
        committer = new KeyedOneInputStreamOperatorTestHarness<>(
                new KeyedProcessOperator<>(new ModelCommitter(
                        Carried.of(TaskDefinition.class, federation.task()),
                        new StoreAt(directory.toUri()),
                        () -> federation.signer(Trust.AGGREGATION),
                        Duration.ofMillis(RETENTION))),
                ModelSlice::key,
                Types.STRING);
        committer.open();
    }

    @AfterEach
    void closeCommitter() throws Exception {
        committer.close();
    }

    private void slices(int round, int from, int to, float value) throws Exception {
        URI location = new LocalModelStore(directory).put(model);
        RoundTerms terms = new RoundTermsReader(federation.task(), federation.trust())
                .read(federation.openRecord(round, model, location, 100), 1, new byte[32]);
        for (int chunk = from; chunk < to; chunk++) {
            float[] values = new float[federation.task().chunks().parametersOf(chunk)];
            Arrays.fill(values, value);
            committer.processElement(new StreamRecord<>(new ModelSlice(
                    terms, chunk, List.of("site-0", "site-1"), new byte[32], METRICS, Double.NaN, values)));
        }
    }

    private int chunks() {
        return federation.task().chunks().chunks();
    }

    private List<ModelAnnounced> announced() throws Exception {
        List<ModelAnnounced> announced = new ArrayList<>();
        for (OutgoingRecord record : committer.extractOutputValues()) {
            announced.add(federation.open(record.value()).payload(ModelAnnounced.class));
        }
        return announced;
    }

    @Test
    void model_whenAllSlicesAreIn_isStoredAndAnnouncedWithItsMetrics() throws Exception {
        slices(1, 0, chunks() - 1, 0.5f);
        assertThat(announced()).isEmpty();
        slices(1, chunks() - 1, chunks(), 0.5f);
        ModelAnnounced next = announced().get(0);
        assertThat(next.getMetrics().getExamples()).isEqualTo(400);
        assertThat(next.getMetrics().getMeanLoss()).isEqualTo(0.5);
        assertThat(next.getMetrics().getAccuracy()).isEqualTo(0.8);
        float[] stored = new StoreAt(directory.toUri())
                .open()
                .get(URI.create(next.getLocation()), next.getSha256().array())
                .vector();
        assertThat(stored).containsOnly(0.5f).hasSize(federation.task().layout().size());
        assertThat(committer.numKeyedStateEntries()).isZero();
    }

    @Test
    void model_ofARoundRunAgainFromTheSameParent_isDroppedAndTheJobGoesOn() throws Exception {
        slices(1, 0, chunks(), 0.5f);
        slices(2, 0, chunks(), 0.75f);
        assertThat(announced()).extracting(ModelAnnounced::getRound).containsExactly(1);
        assertThat(committer.numKeyedStateEntries()).isZero();
    }

    @Test
    void model_repeatedAfterAFailure_isAnnouncedWithTheSameBytes() throws Exception {
        slices(1, 0, chunks(), 0.5f);
        slices(1, 0, chunks(), 0.5f);
        List<OutgoingRecord> both = committer.extractOutputValues();
        assertThat(both).hasSize(2);
        assertThat(both.get(1).value()).isEqualTo(both.get(0).value());
    }

    @Test
    void model_isSignedByAggregation_andRepeatedWithTheSameFiles() throws Exception {
        slices(1, 0, chunks(), 0.5f);
        Checkpoint stored = stored();
        slices(1, 0, chunks(), 0.5f);
        ModelLineage lineage = new ModelLineage(federation.task().task(), federation.trust());
        EnvelopeSigner operator = federation.signer(Trust.OPERATOR);
        assertThat(lineage.add(0, operator.sign(model))).isEmpty();
        assertThat(lineage.add(1, stored)).isEmpty();
        assertThat(stored().manifestFile()).isEqualTo(stored.manifestFile());
        assertThat(stored().signatureFile().orElseThrow())
                .isEqualTo(stored.signatureFile().orElseThrow());
        assertThat(stored.manifest().privacyUnit()).isEqualTo(PrivacyUnit.SITE);
    }

    private Checkpoint stored() throws Exception {
        return new LocalModelStore(directory).read(URI.create(announced().get(0).getLocation()));
    }

    @Test
    void slices_ofARoundThatNeverEnds_areGivenUp() throws Exception {
        slices(1, 0, 2, 0.5f);
        committer.processWatermark(new Watermark(100 + RETENTION));
        assertThat(committer.numKeyedStateEntries()).isZero();
    }
}
