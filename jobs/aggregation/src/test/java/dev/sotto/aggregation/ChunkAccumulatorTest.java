package dev.sotto.aggregation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.avro.MaskedChunk;
import dev.sotto.contracts.avro.UnmaskSeeds;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.LocalModelStore;
import dev.sotto.federation.Moments;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.privacy.CentralDiscreteGaussian;
import dev.sotto.privacy.NoiseSecret;
import dev.sotto.privacy.ReleaseNoise;
import dev.sotto.secagg.Ring;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
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
import org.junit.jupiter.api.io.TempDir;

class ChunkAccumulatorTest {
    private static final int CHUNK = 1;
    private static final long RETENTION = 60_000;
    private static final long PATIENCE = 5_000;

    @TempDir
    Path directory;

    private TestFederation federation;
    private Checkpoint model;
    private RoundTerms terms;
    private Opener<ReleaseNoise> noise = Expected::silence;
    private KeyedTwoInputStreamOperatorTestHarness<String, SliceOrder, Partial, ModelSlice> accumulator;
    private List<Upload> uploads = List.of();

    @BeforeEach
    void openAccumulator() throws Exception {
        begin(TestFederation.taskWith(), 4);
    }

    private void begin(TaskDefinition task, int sites) throws Exception {
        federation = new TestFederation(sites, task);
        model = Checkpoint.initial(federation.task(), 7);
        open(1, model);
        accumulator = harness();
        accumulator.open();
    }

    /** Opens a round from a model, and has every site train. */
    private void open(int round, Checkpoint from) throws Exception {
        URI location = new LocalModelStore(directory).put(from);
        terms = new RoundTermsReader(federation.task(), federation.trust())
                .read(federation.openRecord(round, from, location, 100), 1, new byte[32]);
        uploads = new ArrayList<>();
        for (int i = 0; i < federation.everyone().size(); i++) {
            uploads.add(federation.upload(TestFederation.site(i), round, from.sha256(), 10L * round + i));
        }
    }

    private KeyedTwoInputStreamOperatorTestHarness<String, SliceOrder, Partial, ModelSlice> harness() throws Exception {
        ChunkAccumulator function = new ChunkAccumulator(
                Carried.of(TaskDefinition.class, federation.task()),
                noise,
                new StoreAt(directory.toUri()),
                Duration.ofMillis(RETENTION));
        return new KeyedTwoInputStreamOperatorTestHarness<>(
                new KeyedCoProcessOperator<>(function), SliceOrder::key, Partial::key, Types.STRING);
    }

    @AfterEach
    void closeAccumulator() throws Exception {
        accumulator.close();
    }

    private void order(SliceOrder order) throws Exception {
        accumulator.processElement1(new StreamRecord<>(order));
    }

    /** Hands in the sum of these uploads' chunks, in their groups. */
    private void partial(List<Upload> of) throws Exception {
        Ring ring = federation.task().encoding().ring();
        for (int group = 0; group < terms.groups(); group++) {
            int[] sum = new int[federation.task().chunks().entriesOf(CHUNK)];
            List<String> sites = new ArrayList<>();
            for (Upload upload : of) {
                if (terms.groupOf(upload.site().value()) == group) {
                    MaskedChunk chunk = AvroCodec.decode(upload.chunks().get(CHUNK), MaskedChunk.class);
                    ring.add(AvroCodec.bytes(chunk.getData()), 0, sum, 0, sum.length);
                    sites.add(upload.site().value());
                }
            }
            byte[] packed = new byte[ring.bytes(sum.length)];
            ring.pack(sum, 0, sum.length, packed, 0);
            if (!sites.isEmpty()) {
                accumulator.processElement2(
                        new StreamRecord<>(new Partial("sentiment", terms.round(), CHUNK, group, sites, packed)));
            }
        }
    }

    private void close(List<Upload> survivors) throws Exception {
        order(SliceOrder.closed(
                terms,
                CHUNK,
                survivors.stream().map(upload -> upload.site().value()).sorted().toList(),
                PATIENCE));
    }

    private void unmask(Checkpoint from, List<Upload> survivors) throws Exception {
        byte[] seeds = federation.seeds(terms.round(), from.sha256(), survivors);
        order(SliceOrder.unmask(
                terms, CHUNK, AvroCodec.encode(federation.open(seeds).payload(UnmaskSeeds.class))));
    }

    private List<List<String>> reports() {
        List<List<String>> missing = new ArrayList<>();
        var reports = accumulator.getSideOutput(ChunkAccumulator.REPORTS);
        if (reports != null) {
            reports.forEach(report -> missing.add(report.getValue().missing()));
        }
        return missing;
    }

    private Expected expected(int round, Checkpoint from, List<Upload> survivors, List<Moments> moments)
            throws Exception {
        return Expected.of(federation.task(), round, from, survivors, noise.open(), federation.groups(round), moments);
    }

    private void requireReleased(Expected next) throws Exception {
        List<ModelSlice> released = accumulator.extractOutputValues();
        int from = federation.task().chunks().firstParameter(CHUNK);
        int parameters = federation.task().chunks().parametersOf(CHUNK);
        ModelSlice slice = released.get(released.size() - 1);
        assertThat(slice.values())
                .isEqualTo(Arrays.copyOfRange(next.checkpoint().vector(), from, from + parameters));
        assertThat(slice.metrics()).isEqualTo(next.metrics());
    }

    private void requireReleased(List<Upload> survivors) throws Exception {
        assertThat(accumulator.extractOutputValues()).hasSize(1);
        requireReleased(expected(1, model, survivors, List.of()));
    }

    private Expected wholeRound(int round, Checkpoint from, List<Moments> moments) throws Exception {
        open(round, from);
        partial(uploads);
        close(uploads);
        unmask(from, uploads);
        return expected(round, from, uploads, moments);
    }

    @Test
    void slice_anyOrderOfArrival_isTheSurvivorsMean() throws Exception {
        List<Upload> survivors = uploads.subList(0, 3);
        partial(uploads.subList(0, 1));
        close(survivors);
        partial(uploads.subList(1, 2));
        unmask(model, survivors);
        // The last survivor's chunk comes from another partition after everything else.
        assertThat(accumulator.extractOutputValues()).isEmpty();
        partial(uploads.subList(2, 3));
        requireReleased(survivors);
    }

    @Test
    void slice_withNoise_isNoisedAsSpecified() throws Exception {
        noise = () -> CentralDiscreteGaussian.create(
                NoiseSecret.of(new byte[32]), federation.task().sigma());
        begin(TestFederation.taskWith("noiseMultiplier: 0.01", "noiseMultiplier: 1"), 4);
        partial(uploads);
        close(uploads);
        unmask(model, uploads);
        requireReleased(uploads);
    }

    @Test
    void slice_inGroupsOfAPackedRing_isTheCombinedStep() throws Exception {
        begin(
                TestFederation.taskWith(
                        "ringBits: 32",
                        "ringBits: 20",
                        "scale: 65536",
                        "scale: 1024",
                        "privacy:",
                        "robust: {groups: 3, combine: median}\nprivacy:"),
                14);
        assertThat(terms.groups()).isEqualTo(3);
        List<Upload> survivors = uploads.subList(0, 13);
        partial(uploads.subList(0, 5));
        partial(uploads.subList(5, 13));
        close(survivors);
        unmask(model, survivors);
        requireReleased(survivors);
    }

    @Test
    void moments_fromRoundToRound_stayWithTheSlice() throws Exception {
        begin(adaptiveTask(), 4);
        Expected first = wholeRound(1, model, List.of());
        requireReleased(first);
        Expected second = wholeRound(2, first.checkpoint(), first.moments());
        requireReleased(second);
        requireReleased(wholeRound(3, second.checkpoint(), second.moments()));
    }

    @Test
    void moments_ofARoundRunAgainFromTheSameParent_areTheParents() throws Exception {
        begin(adaptiveTask(), 4);
        Expected first = wholeRound(1, model, List.of());
        wholeRound(2, first.checkpoint(), first.moments());
        // The release of round 2 came to nothing: the model is still that of round 1.
        Expected again = wholeRound(3, first.checkpoint(), first.moments());
        requireReleased(again);
        requireReleased(wholeRound(4, again.checkpoint(), again.moments()));
    }

    private static TaskDefinition adaptiveTask() throws Exception {
        return TestFederation.taskWith("privacy:", "server: {optimizer: fedadam, learningRate: 0.1}\nprivacy:");
    }

    @Test
    void report_everySurvivorIn_isMadeOnce() throws Exception {
        partial(uploads.subList(0, 2));
        close(uploads);
        assertThat(reports()).isEmpty();
        partial(uploads.subList(2, 4));
        assertThat(reports()).containsExactly(List.of());
        accumulator.processBothWatermarks(new Watermark(PATIENCE));
        unmask(model, uploads);
        assertThat(reports()).hasSize(1);
    }

    @Test
    void report_chunksMissingWhenPatienceEnds_namesTheSitesAndReleasesNothing() throws Exception {
        partial(uploads.subList(0, 2));
        close(uploads);
        accumulator.processBothWatermarks(new Watermark(PATIENCE - 1));
        assertThat(reports()).isEmpty();
        accumulator.processBothWatermarks(new Watermark(PATIENCE));
        assertThat(reports()).containsExactly(List.of("site-2", "site-3"));
        partial(uploads.subList(2, 4));
        unmask(model, uploads);
        assertThat(accumulator.extractOutputValues()).isEmpty();
        assertThat(reports()).hasSize(1);
    }

    @Test
    void release_leavesNothingOfTheRound() throws Exception {
        for (int round = 1; round <= 3; round++) {
            wholeRound(round, model, List.of());
        }
        assertThat(accumulator.extractOutputValues()).hasSize(3);
        // What stays from round to round; nothing grows.
        assertThat(accumulator.numKeyedStateEntries()).isOne();
        partial(uploads.subList(0, 1));
        assertThat(accumulator.numKeyedStateEntries()).isOne();
    }

    @Test
    void abort_dropsEverythingOfTheRound() throws Exception {
        partial(uploads);
        close(uploads);
        order(SliceOrder.aborted(terms, CHUNK));
        assertThat(accumulator.numKeyedStateEntries()).isOne();
        partial(uploads.subList(0, 1));
        close(uploads);
        unmask(model, uploads);
        assertThat(accumulator.extractOutputValues()).isEmpty();
        assertThat(accumulator.numKeyedStateEntries()).isOne();
    }

    @Test
    void restored_inTheMiddle_releasesTheSameSlice() throws Exception {
        partial(uploads.subList(0, 2));
        OperatorSubtaskState snapshot = accumulator.snapshot(1, 1);
        partial(uploads.subList(2, 3));
        accumulator.close();
        accumulator = harness();
        accumulator.initializeState(snapshot);
        accumulator.open();
        partial(uploads.subList(2, 4));
        close(uploads);
        unmask(model, uploads);
        requireReleased(uploads);
    }
}
