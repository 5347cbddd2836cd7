package dev.sotto.aggregation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.connect.flink.Refused;
import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.avro.UnmaskSeeds;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.LocalModelStore;
import dev.sotto.federation.TaskDefinition;
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

    @TempDir
    Path directory;

    private TestFederation federation;
    private Checkpoint model;
    private RoundTerms terms;
    private KeyedTwoInputStreamOperatorTestHarness<String, Verdict, VerifiedChunk, ModelSlice> accumulator;
    private final List<Upload> uploads = new ArrayList<>();

    @BeforeEach
    void openAccumulator() throws Exception {
        federation = new TestFederation(4);
        model = Checkpoint.initial(federation.task(), 7);
        URI location = new LocalModelStore(directory).put(model);
        terms = new RoundTermsReader(federation.task(), federation.trust())
                .read(federation.openRecord(1, model, location, 100), 1, new byte[32]);
        for (int i = 0; i < 4; i++) {
            uploads.add(federation.upload(TestFederation.site(i), 1, model.sha256(), i));
        }
        accumulator = harness();
        accumulator.open();
    }

    private KeyedTwoInputStreamOperatorTestHarness<String, Verdict, VerifiedChunk, ModelSlice> harness()
            throws Exception {
        ChunkAccumulator function = new ChunkAccumulator(
                Carried.of(TaskDefinition.class, federation.task()),
                Expected::silence,
                new StoreAt(directory.toUri()),
                Duration.ofMillis(RETENTION));
        return new KeyedTwoInputStreamOperatorTestHarness<>(
                new KeyedCoProcessOperator<>(function), Verdict::key, VerifiedChunk::key, Types.STRING);
    }

    @AfterEach
    void closeAccumulator() throws Exception {
        accumulator.close();
    }

    private void verdict(Verdict verdict) throws Exception {
        accumulator.processElement1(new StreamRecord<>(verdict));
    }

    private void chunk(Upload upload) throws Exception {
        chunk(Raw.chunk(federation, upload.chunks().get(CHUNK), 10));
    }

    private void chunk(VerifiedChunk chunk) throws Exception {
        accumulator.processElement2(new StreamRecord<>(chunk));
    }

    private static UploadRoot root(Upload upload) {
        return new UploadRoot(upload.site().value(), upload.root());
    }

    private void accept(List<Upload> accepted) throws Exception {
        for (Upload upload : accepted) {
            verdict(Verdict.accepted(terms, CHUNK, root(upload)));
        }
    }

    private void close(List<Upload> survivors) throws Exception {
        verdict(Verdict.closed(
                terms,
                CHUNK,
                survivors.stream().map(ChunkAccumulatorTest::root).toList(),
                survivors.stream().map(upload -> upload.site().value()).toList()));
    }

    private void unmask(List<Upload> survivors) throws Exception {
        byte[] seeds = AvroCodec.encode(
                federation.open(federation.seeds(1, model.sha256(), survivors)).payload(UnmaskSeeds.class));
        verdict(Verdict.unmask(terms, CHUNK, seeds));
    }

    private List<String> refusals() throws Exception {
        return Raw.reasons(accumulator.getSideOutput(Refused.TAG));
    }

    private void requireReleased(List<Upload> survivors) throws Exception {
        Checkpoint next = Expected.of(federation.task(), 1, model, survivors, Expected.silence())
                .checkpoint();
        int from = terms.firstEntry(CHUNK);
        assertThat(accumulator.extractOutputValues()).hasSize(1);
        assertThat(accumulator.extractOutputValues().get(0).values())
                .isEqualTo(Arrays.copyOfRange(next.vector(), from, from + terms.entriesOf(CHUNK)));
    }

    @Test
    void slice_anyOrderOfArrival_isTheSurvivorsMean() throws Exception {
        List<Upload> survivors = uploads.subList(0, 3);
        chunk(uploads.get(0));
        verdict(Verdict.open(terms, CHUNK));
        chunk(uploads.get(1));
        accept(survivors);
        close(survivors);
        unmask(survivors);
        // The last survivor's chunk comes from another partition after everything else.
        assertThat(accumulator.extractOutputValues()).isEmpty();
        chunk(uploads.get(2));
        requireReleased(survivors);
    }

    @Test
    void chunk_sentTwice_isAddedOnce() throws Exception {
        verdict(Verdict.open(terms, CHUNK));
        for (Upload upload : uploads) {
            chunk(upload);
            chunk(upload);
        }
        accept(uploads);
        chunk(uploads.get(0));
        close(uploads);
        unmask(uploads);
        requireReleased(uploads);
    }

    @Test
    void chunk_ofASiteNotAccepted_isNotInTheSum() throws Exception {
        List<Upload> survivors = uploads.subList(0, 3);
        verdict(Verdict.open(terms, CHUNK));
        for (Upload upload : uploads) {
            chunk(upload);
        }
        accept(survivors);
        close(survivors);
        chunk(uploads.get(3));
        unmask(survivors);
        requireReleased(survivors);
        assertThat(refusals()).containsExactly("LATE", "LATE");
    }

    @Test
    void release_leavesOnlyTheModelAndTheRoundsNumber() throws Exception {
        verdict(Verdict.open(terms, CHUNK));
        for (Upload upload : uploads) {
            chunk(upload);
        }
        accept(uploads);
        close(uploads);
        unmask(uploads);
        // The slice of the model, and the number below which chunks are late.
        assertThat(accumulator.numKeyedStateEntries()).isEqualTo(2);
        chunk(uploads.get(0));
        assertThat(refusals()).containsExactly("LATE");
    }

    @Test
    void abort_dropsEverythingOfTheRound() throws Exception {
        verdict(Verdict.open(terms, CHUNK));
        for (Upload upload : uploads) {
            chunk(upload);
        }
        accept(uploads.subList(0, 2));
        verdict(Verdict.aborted(terms, CHUNK));
        assertThat(accumulator.numKeyedStateEntries()).isOne();
        unmask(uploads);
        assertThat(accumulator.extractOutputValues()).isEmpty();
    }

    @Test
    void chunk_ofAThirdUpload_isConflict() throws Exception {
        verdict(Verdict.open(terms, CHUNK));
        for (int i = 0; i < 3; i++) {
            chunk(Raw.chunk(
                    federation,
                    federation
                            .upload(TestFederation.site(0), 1, model.sha256(), 50 + i)
                            .chunks()
                            .get(CHUNK),
                    10));
        }
        assertThat(refusals()).containsExactly("CONFLICT");
    }

    @Test
    void chunk_withAnotherRootThanItsManifest_isBadChunk() throws Exception {
        Upload other = federation.upload(TestFederation.site(0), 1, model.sha256(), 50);
        verdict(Verdict.open(terms, CHUNK));
        chunk(other);
        accept(uploads.subList(0, 1));
        assertThat(refusals()).containsExactly("BAD_CHUNK");
        chunk(other);
        assertThat(refusals()).containsExactly("BAD_CHUNK", "BAD_CHUNK");
    }

    @Test
    void chunk_ofARoundNeverOpened_expiresAndLeavesNothing() throws Exception {
        chunk(uploads.get(0));
        accumulator.processBothWatermarks(new Watermark(10 + RETENTION));
        assertThat(refusals()).containsExactly("WRONG_ROUND");
        assertThat(accumulator.numKeyedStateEntries()).isZero();
    }

    @Test
    void restored_inTheMiddle_releasesTheSameSlice() throws Exception {
        verdict(Verdict.open(terms, CHUNK));
        chunk(uploads.get(0));
        accept(uploads.subList(0, 2));
        OperatorSubtaskState snapshot = accumulator.snapshot(1, 1);
        chunk(uploads.get(1));
        accumulator.close();
        accumulator = harness();
        accumulator.initializeState(snapshot);
        accumulator.open();
        for (Upload upload : uploads.subList(1, 4)) {
            chunk(upload);
        }
        accept(uploads.subList(2, 4));
        close(uploads);
        unmask(uploads);
        requireReleased(uploads);
    }
}
