package dev.sotto.aggregation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.connect.flink.RawRecord;
import dev.sotto.connect.flink.Refused;
import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.avro.MaskedChunk;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.secagg.Ring;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChunkCombinerTest {
    private static final int CHUNK = 1;
    private static final int PARTITIONS = CombinerHarness.PARTITIONS;
    private static final long RETENTION = CombinerHarness.RETENTION;
    private static final long PATIENCE = 5_000;

    private TestFederation federation;
    private RoundTerms terms;
    private CombinerHarness combiner;
    private final List<Upload> uploads = new ArrayList<>();

    @BeforeEach
    void openCombiner() throws Exception {
        begin(TestFederation.taskWith());
    }

    private void begin(TaskDefinition task) throws Exception {
        federation = new TestFederation(4, task);
        Checkpoint model = Checkpoint.initial(federation.task(), 7);
        terms = new RoundTermsReader(federation.task(), federation.trust())
                .read(federation.openRecord(1, model, URI.create("file:///nowhere/"), 100), 1, new byte[32]);
        uploads.clear();
        for (int i = 0; i < 4; i++) {
            uploads.add(federation.upload(TestFederation.site(i), 1, model.sha256(), i));
        }
        combiner = CombinerHarness.of(federation, 1, 0);
        combiner.open();
    }

    @AfterEach
    void closeCombiner() throws Exception {
        combiner.close();
    }

    private void chunk(Upload upload) throws Exception {
        chunk(Raw.chunk(federation, upload.chunks().get(CHUNK), PARTITIONS, 10));
    }

    private void chunk(RawRecord record) throws Exception {
        combiner.chunk(record);
    }

    private void verdict(Verdict verdict) throws Exception {
        combiner.processElement(new StreamRecord<>(verdict));
    }

    private void accept(List<Upload> several) throws Exception {
        for (Upload upload : several) {
            verdict(Verdict.accepted(terms, new UploadRoot(upload.site().value(), upload.root())));
        }
    }

    /** Event time goes on by verdicts alone, once the feed was silent. */
    private void watermark(long time) throws Exception {
        combiner.pass(CombinerHarness.IDLE);
        combiner.processWatermark(new Watermark(time));
    }

    private List<Partial> partials() {
        return combiner.extractOutputValues();
    }

    private List<String> refusals() throws Exception {
        return Raw.reasons(combiner.getSideOutput(Refused.TAG));
    }

    /** That the partial sums together are the sum of these uploads' masked chunks, each once. */
    private void requireSum(List<Upload> of) throws Exception {
        Ring ring = federation.task().encoding().ring();
        int[] expected = new int[federation.task().chunks().entriesOf(CHUNK)];
        for (Upload upload : of) {
            MaskedChunk chunk = AvroCodec.decode(upload.chunks().get(CHUNK), MaskedChunk.class);
            ring.add(AvroCodec.bytes(chunk.getData()), 0, expected, 0, expected.length);
        }
        int[] sum = new int[expected.length];
        List<String> sites = new ArrayList<>();
        for (Partial partial : partials()) {
            assertThat(partial.key()).isEqualTo("sentiment/" + CHUNK);
            ring.add(partial.entries(), 0, sum, 0, sum.length);
            sites.addAll(partial.sites());
        }
        ring.reduce(expected);
        ring.reduce(sum);
        assertThat(sum).isEqualTo(expected);
        assertThat(sites)
                .containsExactlyInAnyOrderElementsOf(
                        of.stream().map(upload -> upload.site().value()).toList());
    }

    @Test
    void chunks_ofAcceptedSites_leaveAsOneSumBeforeTheBarrier() throws Exception {
        accept(uploads);
        for (Upload upload : uploads) {
            chunk(upload);
        }
        assertThat(partials()).isEmpty();
        combiner.prepareSnapshotPreBarrier(1);
        assertThat(partials()).hasSize(1);
        requireSum(uploads);
    }

    @Test
    void chunks_inAPackedRing_areAddedAsTheyLie() throws Exception {
        begin(TestFederation.taskWith("ringBits: 32", "ringBits: 20", "scale: 65536", "scale: 1024"));
        accept(uploads);
        for (Upload upload : uploads) {
            chunk(upload);
        }
        combiner.prepareSnapshotPreBarrier(1);
        requireSum(uploads);
        assertThat(partials().get(0).entries())
                .hasSize(federation.task().chunks().entriesOf(CHUNK) * 20 / 8);
    }

    @Test
    void chunk_beforeItsVerdict_waits() throws Exception {
        chunk(uploads.get(0));
        combiner.prepareSnapshotPreBarrier(1);
        assertThat(partials()).isEmpty();
        accept(uploads.subList(0, 1));
        combiner.prepareSnapshotPreBarrier(2);
        requireSum(uploads.subList(0, 1));
    }

    @Test
    void chunk_sentTwice_countsOnce() throws Exception {
        chunk(uploads.get(0));
        chunk(uploads.get(0));
        accept(uploads.subList(0, 2));
        chunk(uploads.get(0));
        chunk(uploads.get(1));
        chunk(uploads.get(1));
        combiner.prepareSnapshotPreBarrier(1);
        chunk(uploads.get(1));
        combiner.prepareSnapshotPreBarrier(2);
        requireSum(uploads.subList(0, 2));
        assertThat(refusals()).isEmpty();
    }

    @Test
    void close_whenNothingIsMissing_handsOnAtOnce() throws Exception {
        accept(uploads);
        for (Upload upload : uploads.subList(0, 3)) {
            chunk(upload);
        }
        verdict(Verdict.closed(terms, PATIENCE));
        assertThat(partials()).isEmpty();
        chunk(uploads.get(3));
        assertThat(partials()).hasSize(1);
        requireSum(uploads);
    }

    @Test
    void close_withChunksMissing_handsOnBeforePatienceEnds() throws Exception {
        accept(uploads);
        chunk(uploads.get(0));
        verdict(Verdict.closed(terms, PATIENCE));
        watermark(PATIENCE - 1);
        assertThat(partials()).isEmpty();
        watermark(PATIENCE);
        requireSum(uploads.subList(0, 1));
        List<Object> output = new ArrayList<>(combiner.getOutput());
        assertThat(output.get(output.size() - 1)).isEqualTo(new Watermark(PATIENCE));
        chunk(uploads.get(1));
        assertThat(refusals()).containsExactly("LATE");
    }

    @Test
    void endOfInput_handsOnEverything() throws Exception {
        chunk(uploads.get(0));
        accept(uploads.subList(0, 2));
        combiner.processWatermark(Watermark.MAX_WATERMARK);
        assertThat(partials()).hasSize(1);
        List<Object> output = new ArrayList<>(combiner.getOutput());
        assertThat(output.get(output.size() - 1)).isEqualTo(Watermark.MAX_WATERMARK);
        chunk(uploads.get(1));
        combiner.endInput();
        requireSum(uploads.subList(0, 2));
        chunk(uploads.get(1));
        assertThat(partials()).hasSize(2);
    }

    @Test
    void watermark_isTheLesserOfVerdictsAndChunks() throws Exception {
        combiner.processWatermark(new Watermark(900));
        assertThat(watermarks()).isEmpty();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            chunk(new RawRecord("fl.updates", partition, 1, 500 + 100L * partition, null, new byte[0]));
        }
        assertThat(watermarks()).containsExactly(499L);
        // A partition that is read to its end and silent holds nothing back.
        combiner.pass(CombinerHarness.IDLE);
        assertThat(watermarks()).containsExactly(499L, 900L);
    }

    private List<Long> watermarks() {
        return combiner.getOutput().stream()
                .filter(Watermark.class::isInstance)
                .map(watermark -> ((Watermark) watermark).getTimestamp())
                .toList();
    }

    @Test
    void chunks_ofAnotherRoot_areBadChunks() throws Exception {
        Upload other = federation.upload(TestFederation.site(0), 1, new byte[32], 50);
        chunk(other);
        accept(uploads.subList(0, 1));
        assertThat(refusals()).containsExactly("BAD_CHUNK");
        chunk(other);
        assertThat(refusals()).containsExactly("BAD_CHUNK", "BAD_CHUNK");
    }

    @Test
    void chunk_ofAThirdUpload_isConflict() throws Exception {
        for (int i = 0; i < 3; i++) {
            chunk(federation.upload(TestFederation.site(0), 1, new byte[32], 50 + i));
        }
        assertThat(refusals()).containsExactly("CONFLICT");
    }

    @Test
    void chunks_ofASiteNotAccepted_areLate() throws Exception {
        chunk(uploads.get(3));
        accept(uploads.subList(0, 3));
        verdict(Verdict.closed(terms, PATIENCE));
        chunk(uploads.get(3));
        assertThat(refusals()).containsExactly("LATE", "LATE");
    }

    @Test
    void chunk_inAnotherPartitionOrUnderAnotherKey_isBadChunk() throws Exception {
        accept(uploads);
        RawRecord right = Raw.chunk(federation, uploads.get(0).chunks().get(CHUNK), PARTITIONS, 10);
        int elsewhere = (right.partition() + 1) % PARTITIONS;
        chunk(new RawRecord(right.topic(), elsewhere, 1, 10, right.key(), right.value()));
        byte[] key = Raw.chunk(federation, uploads.get(0).chunks().get(0), PARTITIONS, 10)
                .key();
        chunk(new RawRecord(right.topic(), right.partition(), 1, 10, key, right.value()));
        chunk(new RawRecord(right.topic(), right.partition(), 1, 10, null, right.value()));
        combiner.prepareSnapshotPreBarrier(1);
        assertThat(partials()).isEmpty();
        assertThat(refusals()).containsExactly("BAD_CHUNK", "BAD_CHUNK", "BAD_CHUNK");
    }

    @Test
    void chunk_withAnEntryChanged_isBadChunk() throws Exception {
        accept(uploads);
        MaskedChunk changed = AvroCodec.decode(uploads.get(0).chunks().get(CHUNK), MaskedChunk.class);
        byte[] data = AvroCodec.bytes(changed.getData());
        data[17]++;
        changed.setData(ByteBuffer.wrap(data));
        chunk(Raw.chunk(federation, AvroCodec.encode(changed), PARTITIONS, 10));
        assertThat(refusals()).containsExactly("BAD_CHUNK");
    }

    @Test
    void chunk_neverAccepted_expiresAndLeavesNothing() throws Exception {
        chunk(uploads.get(0));
        watermark(9 + RETENTION);
        assertThat(refusals()).isEmpty();
        watermark(10 + RETENTION);
        assertThat(refusals()).containsExactly("WRONG_ROUND");
        requireNothingLeft(0);
    }

    @Test
    void round_aborted_leavesNothing() throws Exception {
        accept(uploads.subList(0, 2));
        chunk(uploads.get(0));
        chunk(uploads.get(3));
        verdict(Verdict.aborted(terms));
        assertThat(refusals()).containsExactly("LATE");
        combiner.prepareSnapshotPreBarrier(1);
        assertThat(partials()).isEmpty();
        chunk(uploads.get(1));
        assertThat(refusals()).containsExactly("LATE", "LATE");
        requireNothingLeft(1);
    }

    @Test
    void round_whosePatienceIsOver_leavesNothing() throws Exception {
        accept(uploads);
        for (Upload upload : uploads) {
            chunk(upload);
        }
        verdict(Verdict.closed(terms, PATIENCE));
        watermark(PATIENCE);
        requireNothingLeft(1);
        requireSum(uploads);
    }

    /** That a snapshot holds no trace of any round but the number of the last one. */
    private void requireNothingLeft(int lastEnded) throws Exception {
        OperatorSubtaskState snapshot = snapshot(combiner, 9);
        CombinerProbe probe = CombinerProbe.restore(snapshot);
        assertThat(probe.waiting()).isEmpty();
        assertThat(probe.memory())
                .containsExactly(new CombinerMemory(combiner.positions(), lastEnded, Map.of(), List.of()));
    }

    private static OperatorSubtaskState snapshot(CombinerHarness of, long id) throws Exception {
        of.prepareSnapshotPreBarrier(id);
        return of.snapshot(id, id);
    }

    @Test
    void restored_inTheMiddle_addsEveryChunkOnce() throws Exception {
        accept(uploads.subList(0, 2));
        chunk(uploads.get(0));
        chunk(uploads.get(2));
        OperatorSubtaskState snapshot = snapshot(combiner, 1);
        List<Partial> before = partials();
        combiner.close();
        combiner = CombinerHarness.of(federation, 1, 0);
        combiner.initializeState(snapshot);
        combiner.open();
        chunk(uploads.get(0));
        chunk(uploads.get(2));
        chunk(uploads.get(1));
        accept(uploads.subList(2, 4));
        chunk(uploads.get(3));
        combiner.prepareSnapshotPreBarrier(2);
        assertThat(before).hasSize(1);
        assertThat(before.get(0).sites()).containsExactly("site-0");
        requireSum(uploads.subList(1, 4));
    }

    @Test
    void rescaled_copyOfAWaitingChunk_countsOnceAndReadingGoesOn() throws Exception {
        RawRecord again = Raw.chunk(federation, uploads.get(0).chunks().get(CHUNK), PARTITIONS, 10);
        chunk(again);
        OperatorSubtaskState one = snapshot(combiner, 1);
        combiner.close();
        OperatorSubtaskState all = AbstractStreamOperatorTestHarness.repackageState(one);
        int sums = 0;
        for (int subtask = 0; subtask < 2; subtask++) {
            combiner = CombinerHarness.of(federation, 2, subtask);
            combiner.initializeState(AbstractStreamOperatorTestHarness.repartitionOperatorState(all, 4, 1, 2, subtask));
            combiner.open();
            if (combiner.partitions().contains(again.partition())) {
                assertThat(combiner.positions()).containsEntry(again.partition(), again.offset() + 1);
                chunk(again);
            }
            accept(uploads.subList(0, 1));
            combiner.prepareSnapshotPreBarrier(2);
            sums += partials().size();
            combiner.close();
        }
        assertThat(sums).isOne();
    }
}
