package dev.sotto.aggregation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.connect.flink.OutgoingRecord;
import dev.sotto.connect.flink.Refused;
import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.avro.Envelope;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.RoundAborted;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.contracts.avro.Survivor;
import dev.sotto.contracts.avro.UnmaskSeeds;
import dev.sotto.contracts.avro.WindowClosed;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.co.KeyedCoProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WindowGateTest {
    private static final long DEADLINE = 100_000;
    private static final long GRACE = 5_000;
    private static final long RETENTION = 60_000;

    private TestFederation federation;
    private Checkpoint model;
    private KeyedTwoInputStreamOperatorTestHarness<String, RoundNews, UploadNews, Verdict> gate;
    private final List<Upload> uploads = new ArrayList<>();

    @BeforeEach
    void openGate() throws Exception {
        federation = new TestFederation(4);
        model = Checkpoint.initial(federation.task(), 7);
        for (int i = 0; i < 4; i++) {
            uploads.add(federation.upload(TestFederation.site(i), 1, model.sha256(), i));
        }
        gate = harness();
        gate.open();
    }

    private KeyedTwoInputStreamOperatorTestHarness<String, RoundNews, UploadNews, Verdict> harness() throws Exception {
        WindowGate function = new WindowGate(
                Carried.of(TaskDefinition.class, federation.task()),
                Carried.of(Trust.class, federation.trust()),
                () -> federation.signer(Trust.AGGREGATION),
                Duration.ofMillis(GRACE),
                Duration.ofMillis(RETENTION));
        return new KeyedTwoInputStreamOperatorTestHarness<>(
                new KeyedCoProcessOperator<>(function), RoundNews::round, UploadNews::round, Types.STRING);
    }

    @AfterEach
    void closeGate() throws Exception {
        gate.close();
    }

    private void openRound() throws Exception {
        RoundOpen open = federation.openRecord(1, model, URI.create("file:///nowhere/"), DEADLINE);
        gate.processElement1(new StreamRecord<>(Raw.news(federation, 1, RoundOpen.class, federation.roundOpen(open))));
    }

    private void manifest(Upload upload, long at) throws Exception {
        gate.processElement2(new StreamRecord<>(Raw.manifest(federation, upload.site(), upload.manifest(), at)));
    }

    private void chunks(Upload upload, long at) throws Exception {
        for (byte[] value : upload.chunks()) {
            VerifiedChunk chunk = Raw.chunk(federation, value, at);
            gate.processElement2(new StreamRecord<>(
                    UploadNews.chunk(federation.round(1).toString(), chunk.site(), chunk.root(), chunk.chunk(), at)));
        }
    }

    private void send(Upload upload, long at) throws Exception {
        manifest(upload, at);
        chunks(upload, at);
    }

    private void watermark(long time) throws Exception {
        gate.processBothWatermarks(new Watermark(time));
    }

    private List<String> steps() {
        return gate.extractOutputValues().stream()
                .filter(verdict -> verdict.chunk() == 0)
                .map(verdict -> verdict.step().name())
                .toList();
    }

    private List<WindowClosed> closed() throws Exception {
        List<WindowClosed> closed = new ArrayList<>();
        Iterable<StreamRecord<OutgoingRecord>> arrivals = gate.getSideOutput(WindowGate.ARRIVALS);
        for (StreamRecord<OutgoingRecord> record :
                arrivals == null ? List.<StreamRecord<OutgoingRecord>>of() : arrivals) {
            var signed = federation.open(record.getValue().value());
            if (signed.kind() == Kind.WINDOW_CLOSED) {
                closed.add(signed.payload(WindowClosed.class));
            }
        }
        return closed;
    }

    private List<String> refusals() throws Exception {
        return Raw.reasons(gate.getSideOutput(Refused.TAG));
    }

    @Test
    void window_allAnnouncedComplete_closesBeforeDeadline() throws Exception {
        openRound();
        for (Upload upload : uploads) {
            send(upload, 10);
        }
        assertThat(steps()).containsExactly("OPEN", "ACCEPTED", "ACCEPTED", "ACCEPTED", "ACCEPTED", "CLOSED");
        assertThat(closed()).hasSize(1);
        watermark(DEADLINE + GRACE);
        assertThat(closed()).hasSize(1);
    }

    @Test
    void window_everyVerdict_reachesEveryChunk() throws Exception {
        openRound();
        send(uploads.get(0), 10);
        int chunks = uploads.get(0).chunks().size();
        assertThat(gate.extractOutputValues())
                .hasSize(2 * chunks)
                .extracting(Verdict::key)
                .contains("sentiment/0", "sentiment/" + (chunks - 1));
    }

    @Test
    void manifest_beforeOpening_countsOnceOpened() throws Exception {
        send(uploads.get(2), 10);
        assertThat(steps()).isEmpty();
        openRound();
        assertThat(steps()).containsExactly("OPEN", "ACCEPTED");
    }

    @Test
    void deadline_missingSite_survivorsAreTheCompleteOnes() throws Exception {
        openRound();
        for (Upload upload : uploads.subList(0, 3)) {
            send(upload, DEADLINE);
        }
        watermark(DEADLINE - 1);
        assertThat(closed()).isEmpty();
        watermark(DEADLINE);
        assertThat(closed().get(0).getSurvivors())
                .extracting(Survivor::getSite)
                .containsExactly("site-0", "site-1", "site-2");
    }

    @Test
    void deadline_chunksOfTimelyManifestOnTheirWay_waitsForThem() throws Exception {
        openRound();
        for (Upload upload : uploads.subList(0, 3)) {
            send(upload, 10);
        }
        manifest(uploads.get(3), DEADLINE - 1);
        watermark(DEADLINE);
        assertThat(closed()).isEmpty();
        chunks(uploads.get(3), DEADLINE - 1);
        assertThat(closed().get(0).getSurvivors()).hasSize(4);
    }

    @Test
    void grace_chunksNeverCome_closesWithoutTheSite() throws Exception {
        openRound();
        for (Upload upload : uploads.subList(0, 3)) {
            send(upload, 10);
        }
        manifest(uploads.get(3), 10);
        watermark(DEADLINE + GRACE - 1);
        assertThat(closed()).isEmpty();
        watermark(DEADLINE + GRACE);
        assertThat(closed().get(0).getSurvivors()).hasSize(3);
    }

    @Test
    void upload_appendedAfterDeadline_isLateEvenBeforeTheClose() throws Exception {
        openRound();
        send(uploads.get(0), DEADLINE + 1);
        assertThat(refusals()).containsExactly("LATE");
        assertThat(steps()).containsExactly("OPEN");
    }

    @Test
    void manifest_afterTheClose_isLateAndNotInTheSum() throws Exception {
        openRound();
        for (Upload upload : uploads.subList(0, 3)) {
            send(upload, 10);
        }
        watermark(DEADLINE);
        manifest(uploads.get(3), 11);
        assertThat(refusals()).containsExactly("LATE");
        assertThat(steps()).endsWith("CLOSED");
    }

    @Test
    void manifest_secondWithSameRoot_isIgnored_withOtherRoot_isConflict() throws Exception {
        openRound();
        send(uploads.get(0), 10);
        send(uploads.get(0), 11);
        assertThat(refusals()).isEmpty();
        var other = federation.manifestRecord(1, uploads.get(0).chunks().size(), new byte[32], model.sha256());
        gate.processElement2(new StreamRecord<>(Raw.manifest(
                federation,
                uploads.get(0).site(),
                federation.manifest(uploads.get(0).site(), other),
                12)));
        assertThat(refusals()).containsExactly("CONFLICT");
        assertThat(steps()).containsExactly("OPEN", "ACCEPTED");
    }

    @Test
    void close_belowMinSurvivors_abortsAndTellsCoordination() throws Exception {
        openRound();
        send(uploads.get(0), 10);
        send(uploads.get(1), 10);
        watermark(DEADLINE);
        assertThat(steps()).endsWith("ABORTED");
        assertThat(closed().get(0).getSurvivors()).hasSize(2);
    }

    @Test
    void abort_fromTranscript_endsTheWindow() throws Exception {
        openRound();
        gate.processElement1(new StreamRecord<>(Raw.news(federation, 1, RoundAborted.class, federation.aborted(1))));
        send(uploads.get(0), 10);
        assertThat(steps()).containsExactly("OPEN", "ABORTED");
        assertThat(closed()).isEmpty();
        assertThat(refusals()).containsExactly("LATE");
    }

    @Test
    void seeds_forTheSurvivors_goToTheChunksOnce() throws Exception {
        openRound();
        for (Upload upload : uploads) {
            send(upload, 10);
        }
        RoundNews seeds = Raw.news(federation, 1, UnmaskSeeds.class, federation.seeds(1, model.sha256(), uploads));
        gate.processElement1(new StreamRecord<>(seeds));
        gate.processElement1(new StreamRecord<>(seeds));
        assertThat(steps()).filteredOn("UNMASK"::equals).hasSize(1);
        assertThat(refusals()).isEmpty();
    }

    @Test
    void seeds_forOtherSurvivors_areConflict() throws Exception {
        openRound();
        for (Upload upload : uploads) {
            send(upload, 10);
        }
        gate.processElement1(new StreamRecord<>(Raw.news(
                federation, 1, UnmaskSeeds.class, federation.seeds(1, model.sha256(), uploads.subList(0, 3)))));
        assertThat(refusals()).containsExactly("CONFLICT");
        assertThat(steps()).doesNotContain("UNMASK");
    }

    @Test
    void opening_withLessNoiseThanTheTask_isRefused() throws Exception {
        RoundOpen open = federation.openRecord(1, model, URI.create("file:///nowhere/"), DEADLINE);
        open.setSigma(open.getSigma() - 1);
        gate.processElement1(new StreamRecord<>(Raw.news(federation, 1, RoundOpen.class, federation.roundOpen(open))));
        assertThat(refusals()).containsExactly("INVALID_FIELD");
        assertThat(steps()).isEmpty();
    }

    @Test
    void opening_withAModelNowhere_isRefused() throws Exception {
        RoundOpen open = federation.openRecord(1, model, URI.create("file:///nowhere/"), DEADLINE);
        open.setModelLocation("no place at all");
        gate.processElement1(new StreamRecord<>(Raw.news(federation, 1, RoundOpen.class, federation.roundOpen(open))));
        assertThat(refusals()).containsExactly("INVALID_FIELD");
    }

    @Test
    void manifest_ofARoundNeverOpened_expiresAndLeavesNothing() throws Exception {
        send(uploads.get(0), 10);
        watermark(10 + RETENTION);
        assertThat(refusals()).containsExactly("WRONG_ROUND");
        assertThat(gate.numKeyedStateEntries()).isZero();
    }

    @Test
    void retention_afterTheEnd_leavesNothing() throws Exception {
        openRound();
        for (Upload upload : uploads) {
            send(upload, 10);
        }
        watermark(DEADLINE + RETENTION);
        assertThat(gate.numKeyedStateEntries()).isZero();
    }

    @Test
    void restored_inTheMiddle_signsTheSameClose() throws Exception {
        openRound();
        send(uploads.get(0), 10);
        OperatorSubtaskState snapshot = gate.snapshot(1, 1);
        List<byte[]> closings = new ArrayList<>();
        for (int attempt = 0; attempt < 2; attempt++) {
            gate.close();
            gate = harness();
            gate.initializeState(snapshot);
            gate.open();
            for (Upload upload : uploads.subList(1, 4)) {
                send(upload, 20);
            }
            OutgoingRecord last = null;
            for (StreamRecord<OutgoingRecord> record : gate.getSideOutput(WindowGate.ARRIVALS)) {
                last = record.getValue();
            }
            closings.add(last.value());
        }
        assertThat(closings.get(0)).isEqualTo(closings.get(1));
        assertThat(AvroCodec.decode(closings.get(0), Envelope.class).getKind()).isEqualTo(Kind.WINDOW_CLOSED);
    }
}
