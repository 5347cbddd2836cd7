package dev.sotto.aggregation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.connect.flink.Refused;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.NoiseRecord;
import dev.sotto.contracts.avro.RoundAborted;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.contracts.avro.UnmaskSeeds;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import dev.sotto.secagg.SiteId;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.co.KeyedCoProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WindowGateTest {
    private static final long DEADLINE = 100_000;
    private static final long GRACE = 5_000;
    private static final long RETENTION = 60_000;

    private TestFederation federation;
    private Checkpoint model;
    private KeyedTwoInputStreamOperatorTestHarness<String, RoundNews, SignedManifest, Verdict> gate;
    private byte[] opening;
    private final List<Upload> uploads = new ArrayList<>();

    @BeforeEach
    void openGate() throws Exception {
        begin(TestFederation.taskWith(), 4);
    }

    private void begin(TaskDefinition task, int sites) throws Exception {
        federation = new TestFederation(sites, task);
        model = Checkpoint.initial(federation.task(), 7);
        opening = federation.roundOpen(federation.openRecord(1, model, URI.create("file:///nowhere/"), DEADLINE));
        uploads.clear();
        for (int i = 0; i < sites; i++) {
            uploads.add(federation.upload(TestFederation.site(i), 1, model.sha256(), i));
        }
        gate = harness();
        gate.open();
    }

    private KeyedTwoInputStreamOperatorTestHarness<String, RoundNews, SignedManifest, Verdict> harness()
            throws Exception {
        WindowGate function = new WindowGate(
                Carried.of(TaskDefinition.class, federation.task()),
                Carried.of(Trust.class, federation.trust()),
                () -> federation.signer(Trust.AGGREGATION),
                new WindowTiming(
                        Duration.ofMillis(GRACE),
                        Duration.ofMillis(RETENTION),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1)));
        return new KeyedTwoInputStreamOperatorTestHarness<>(
                new KeyedCoProcessOperator<>(function), RoundNews::round, SignedManifest::round, Types.STRING);
    }

    @AfterEach
    void closeGate() throws Exception {
        gate.close();
    }

    private void openRound() throws Exception {
        news(RoundOpen.class, opening);
    }

    private void news(Class<? extends SpecificRecordBase> type, byte[] value) throws Exception {
        gate.processElement1(new StreamRecord<>(Raw.news(federation, 1, type, value)));
    }

    private void send(Upload upload, long at) throws Exception {
        send(upload.site(), upload.manifest(), at);
    }

    private void send(SiteId site, byte[] manifest, long at) throws Exception {
        gate.processElement2(new StreamRecord<>(Raw.manifest(federation, site, manifest, at)));
    }

    private void send(List<Upload> several, long at) throws Exception {
        for (Upload upload : several) {
            send(upload, at);
        }
    }

    private void watermark(long time) throws Exception {
        gate.processBothWatermarks(new Watermark(time));
    }

    private List<String> steps() {
        return gate.extractOutputValues().stream()
                .map(verdict -> verdict.step().name())
                .toList();
    }

    private <T> List<T> side(OutputTag<T> tag) {
        List<T> values = new ArrayList<>();
        var records = gate.getSideOutput(tag);
        if (records != null) {
            records.forEach(record -> values.add(record.getValue()));
        }
        return values;
    }

    private List<String> orders(int chunk) {
        return side(GateOutput.ORDERS).stream()
                .filter(order -> order.chunk() == chunk)
                .map(order -> order.step().name())
                .toList();
    }

    private List<List<String>> closed() {
        return side(GateOutput.CLOSINGS).stream()
                .map(closing ->
                        closing.accepted().stream().map(AcceptedUpload::site).toList())
                .toList();
    }

    private List<String> refusals() throws Exception {
        return Raw.reasons(gate.getSideOutput(Refused.TAG));
    }

    @Test
    void window_allAnnouncedAccepted_closesBeforeDeadline() throws Exception {
        openRound();
        send(uploads, 10);
        assertThat(steps()).containsExactly("ACCEPTED", "ACCEPTED", "ACCEPTED", "ACCEPTED", "CLOSED");
        assertThat(side(GateOutput.ARRIVALS)).hasSize(4);
        watermark(DEADLINE + GRACE);
        assertThat(closed()).containsExactly(List.of("site-0", "site-1", "site-2", "site-3"));
    }

    @Test
    void close_everySliceAndTheCloserHearOfIt() throws Exception {
        openRound();
        send(uploads, 10);
        int chunks = federation.task().chunks().chunks();
        assertThat(side(GateOutput.ORDERS))
                .hasSize(chunks)
                .extracting(SliceOrder::key)
                .contains("sentiment/0", "sentiment/" + (chunks - 1));
        Closing closing = side(GateOutput.CLOSINGS).get(0);
        assertThat(closing.slices()).isEqualTo(chunks);
        assertThat(closing.accepted())
                .extracting(AcceptedUpload::manifest)
                .containsExactlyElementsOf(
                        uploads.stream().map(Upload::manifest).toList());
    }

    @Test
    void close_patience_isTheGraceAfterTheLastManifest() throws Exception {
        openRound();
        send(uploads.subList(0, 3), 10);
        send(uploads.get(3), 700);
        assertThat(side(GateOutput.ORDERS))
                .allSatisfy(order -> assertThat(order.patience()).isEqualTo(700 + GRACE));
        assertThat(gate.extractOutputValues().get(4).patience()).isEqualTo(700 + GRACE);
    }

    @Test
    void manifest_beforeOpening_countsOnceOpened() throws Exception {
        send(uploads.get(2), 10);
        assertThat(steps()).isEmpty();
        openRound();
        assertThat(steps()).containsExactly("ACCEPTED");
    }

    @Test
    void manifest_beforeOpening_aThirdOfASiteIsConflict() throws Exception {
        for (int i = 0; i < 3; i++) {
            send(uploads.get(2), 10 + i);
        }
        assertThat(refusals()).containsExactly("CONFLICT");
    }

    @Test
    void deadline_missingSite_survivorsAreTheOthers() throws Exception {
        openRound();
        send(uploads.subList(0, 3), DEADLINE);
        watermark(DEADLINE - 1);
        assertThat(closed()).isEmpty();
        watermark(DEADLINE);
        assertThat(closed()).containsExactly(List.of("site-0", "site-1", "site-2"));
    }

    @Test
    void buffer_full_closesWithoutTheSlowOnes() throws Exception {
        begin(TestFederation.taskWith("unmaskSeconds: 30", "unmaskSeconds: 30, closeAfter: 3"), 5);
        openRound();
        send(uploads.subList(2, 5), 10);
        assertThat(closed()).containsExactly(List.of("site-2", "site-3", "site-4"));
        send(uploads.get(0), 11);
        assertThat(refusals()).containsExactly("LATE");
    }

    @Test
    void groups_oneBelowMinSurvivors_aborts() throws Exception {
        begin(groupTask(), 10);
        openRound();
        List<String> second = groupOf(1);
        for (Upload upload : uploads) {
            if (!second.subList(0, 3).contains(upload.site().value())) {
                send(upload, 10);
            }
        }
        watermark(DEADLINE);
        assertThat(steps()).endsWith("ABORTED").filteredOn("ACCEPTED"::equals).hasSize(7);
        assertThat(side(GateOutput.CLOSINGS).get(0).slices()).isZero();
    }

    @Test
    void groups_enoughInEach_closesAndVerdictsNameThem() throws Exception {
        begin(groupTask(), 10);
        openRound();
        send(uploads, 10);
        assertThat(steps()).endsWith("CLOSED");
        assertThat(gate.extractOutputValues())
                .filteredOn(verdict -> groupOf(1).contains(verdict.upload().site()))
                .hasSize(5)
                .allSatisfy(verdict -> assertThat(verdict.group()).isOne());
    }

    private static TaskDefinition groupTask() throws Exception {
        return TestFederation.taskWith("privacy:", "robust: {groups: 2}\nprivacy:");
    }

    private List<String> groupOf(int group) {
        return federation.groups(1).members(group).stream().map(SiteId::value).toList();
    }

    @Test
    void upload_appendedAfterDeadline_isLateEvenBeforeTheClose() throws Exception {
        openRound();
        send(uploads.get(0), DEADLINE + 1);
        assertThat(refusals()).containsExactly("LATE");
        assertThat(steps()).isEmpty();
    }

    @Test
    void manifest_afterTheClose_isLateAndNotInTheSum() throws Exception {
        openRound();
        send(uploads.subList(0, 3), 10);
        watermark(DEADLINE);
        send(uploads.get(3), 11);
        assertThat(refusals()).containsExactly("LATE");
        assertThat(steps()).endsWith("CLOSED");
    }

    @Test
    void manifest_secondWithSameRoot_isIgnored_withOtherRoot_isConflict() throws Exception {
        openRound();
        send(uploads.get(0), 10);
        send(uploads.get(0), 11);
        assertThat(refusals()).isEmpty();
        SiteId site = uploads.get(0).site();
        var other = federation.manifestRecord(1, uploads.get(0).chunks().size(), new byte[32], model.sha256());
        send(site, federation.manifest(site, other), 12);
        assertThat(refusals()).containsExactly("CONFLICT");
        assertThat(steps()).containsExactly("ACCEPTED");
    }

    @Test
    void manifest_thatAnswersAnotherRecordThanTheOpening_isWrongRound() throws Exception {
        openRound();
        SiteId site = uploads.get(0).site();
        var record = federation.manifestRecord(
                1, uploads.get(0).chunks().size(), uploads.get(0).root(), model.sha256());
        TranscriptPosition fork = new TranscriptPosition(1, new byte[32]);
        send(site, federation.signer(site).sealBytes(federation.task().id(), Kind.MANIFEST, fork, record), 10);
        assertThat(refusals()).containsExactly("WRONG_ROUND");
        assertThat(steps()).isEmpty();
    }

    @Test
    void close_belowMinSurvivors_abortsAndTellsTheCloser() throws Exception {
        openRound();
        send(uploads.subList(0, 2), 10);
        watermark(DEADLINE);
        assertThat(steps()).endsWith("ABORTED");
        assertThat(closed()).containsExactly(List.of("site-0", "site-1"));
        assertThat(side(GateOutput.CLOSINGS).get(0).slices()).isZero();
        assertThat(orders(0)).containsExactly("ABORTED");
    }

    @Test
    void abort_fromTranscript_endsTheWindow() throws Exception {
        openRound();
        news(RoundAborted.class, federation.aborted(1));
        send(uploads.get(0), 10);
        assertThat(steps()).containsExactly("ABORTED");
        assertThat(closed()).isEmpty();
        assertThat(refusals()).containsExactly("LATE");
    }

    @Test
    void seeds_forTheSurvivors_goToTheChunksOnce() throws Exception {
        openRound();
        send(uploads, 10);
        byte[] seeds = federation.seeds(1, model.sha256(), uploads);
        news(UnmaskSeeds.class, seeds);
        news(UnmaskSeeds.class, seeds);
        assertThat(orders(3)).containsExactly("CLOSED", "UNMASK");
        assertThat(refusals()).isEmpty();
    }

    @Test
    void seeds_beforeTheClose_waitForIt() throws Exception {
        news(UnmaskSeeds.class, federation.seeds(1, model.sha256(), uploads));
        openRound();
        send(uploads, 10);
        assertThat(orders(0)).containsExactly("CLOSED", "UNMASK");
    }

    @Test
    void seeds_forOtherSurvivors_areConflict() throws Exception {
        openRound();
        send(uploads, 10);
        news(UnmaskSeeds.class, federation.seeds(1, model.sha256(), uploads.subList(0, 3)));
        assertThat(refusals()).containsExactly("CONFLICT");
        assertThat(orders(0)).containsExactly("CLOSED");
    }

    /** Noise that is not in the sum would be added to it, and noise of a component that must stay would be missing. */
    @Test
    void seeds_withNoiseThatMayNotComeOff_areRefused() throws Exception {
        openRound();
        List<Upload> three = uploads.subList(0, 3);
        send(three, 10);
        watermark(DEADLINE);
        ByteBuffer link = ByteBuffer.allocate(32);
        for (NoiseRecord noise : List.of(
                new NoiseRecord("site-0", 1, link),
                new NoiseRecord("site-3", 2, link),
                new NoiseRecord("stranger", 2, link))) {
            news(UnmaskSeeds.class, federation.seeds(1, model.sha256(), three, List.of(noise)));
        }
        assertThat(refusals()).containsExactly("INVALID_FIELD", "INVALID_FIELD", "INVALID_FIELD");
        assertThat(orders(0)).containsExactly("CLOSED");
        news(
                UnmaskSeeds.class,
                federation.seeds(1, model.sha256(), three, List.of(new NoiseRecord("site-0", 2, link))));
        assertThat(orders(0)).containsExactly("CLOSED", "UNMASK");
    }

    @Test
    void manifest_withoutAnAnchorWhereNoiseComesOff_isInvalid() throws Exception {
        gate.close();
        begin(
                TestFederation.taskWith(
                        "mode: central", "mode: distributed, removal: true", "chunkEntries: 256", "chunkEntries: 260"),
                4);
        openRound();
        SiteId site = uploads.get(0).site();
        var record = federation.manifestRecord(
                1, uploads.get(0).chunks().size(), uploads.get(0).root(), model.sha256());
        send(site, federation.manifest(site, record), 10);
        assertThat(refusals()).containsExactly("INVALID_FIELD");
        record.setNoiseAnchor(ByteBuffer.allocate(32));
        send(site, federation.manifest(site, record), 11);
        assertThat(steps()).containsExactly("ACCEPTED");
    }

    @Test
    void opening_withLessNoiseThanTheTask_isRefused() throws Exception {
        requireRefused(open -> open.setSigma(open.getSigma() - 1));
    }

    @Test
    void opening_withAModelNowhere_isRefused() throws Exception {
        requireRefused(open -> open.setModelLocation("no place at all"));
    }

    @Test
    void opening_withOtherGroupsThanTheTask_isRefused() throws Exception {
        requireRefused(open -> open.setGroups(2));
    }

    private void requireRefused(Consumer<RoundOpen> change) throws Exception {
        RoundOpen open = federation.openRecord(1, model, URI.create("file:///nowhere/"), DEADLINE);
        change.accept(open);
        news(RoundOpen.class, federation.roundOpen(open));
        send(uploads.get(0), 10);
        assertThat(refusals()).containsExactly("INVALID_FIELD");
        assertThat(steps()).isEmpty();
    }

    @Test
    void manifest_ofARoundNeverOpened_expiresAndLeavesNothing() throws Exception {
        send(uploads.get(0), 10);
        watermark(10 + RETENTION);
        assertThat(refusals()).containsExactly("WRONG_ROUND");
        assertThat(gate.numKeyedStateEntries()).isZero();
    }

    @Test
    void retention_afterTheEnd_leavesNothingHereNorElsewhere() throws Exception {
        openRound();
        send(uploads, 10);
        watermark(DEADLINE + RETENTION);
        assertThat(gate.numKeyedStateEntries()).isZero();
        assertThat(gate.numEventTimeTimers()).isZero();
        // Had the round not ended there, it would end with this.
        assertThat(steps()).endsWith("ABORTED");
        assertThat(orders(0)).endsWith("ABORTED");
    }

    @Test
    void endOfAllInput_closesAndAbortsNothing() throws Exception {
        openRound();
        send(uploads.subList(0, 3), 10);
        watermark(Long.MAX_VALUE);
        assertThat(steps()).endsWith("CLOSED");
        assertThat(orders(0)).containsExactly("CLOSED");
    }

    @Test
    void restored_inTheMiddle_decidesTheSame() throws Exception {
        openRound();
        send(uploads.get(0), 10);
        OperatorSubtaskState snapshot = gate.snapshot(1, 1);
        for (int attempt = 0; attempt < 2; attempt++) {
            gate.close();
            gate = harness();
            gate.initializeState(snapshot);
            gate.open();
            send(uploads.subList(1, 4), 20);
            assertThat(closed()).containsExactly(List.of("site-0", "site-1", "site-2", "site-3"));
        }
    }
}
