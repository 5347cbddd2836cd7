package dev.sotto.aggregation;

import dev.sotto.connect.flink.RawRecord;
import dev.sotto.connect.flink.Refused;
import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.contracts.avro.MaskedChunk;
import dev.sotto.federation.EncodingSettings;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import dev.sotto.secagg.ChunkHash;
import dev.sotto.secagg.ChunkIndex;
import dev.sotto.secagg.MerkleTree;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.TaskId;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Checks masked chunks beside their source: shape, place and the proof's root. Chunks go on to their accumulators; the
 * gate is told that each was seen.
 */
final class ChunkReader extends ProcessFunction<RawRecord, VerifiedChunk> {
    /** What the gate is told. */
    static final OutputTag<UploadNews> SEEN = new OutputTag<>("chunk-seen", UploadNews.TYPE);

    private static final long serialVersionUID = 1L;

    /** Names, numbers and a proof of 32 levels. */
    private static final int AROUND_DATA = 4096;

    private final Carried<TaskDefinition> carriedTask;
    private final Carried<Trust> trust;

    private transient @Nullable TaskId task;
    private transient @Nullable EncodingSettings encoding;
    private transient Set<String> sites = Set.of();
    private transient int entries;

    ChunkReader(Carried<TaskDefinition> task, Carried<Trust> trust) {
        this.carriedTask = task;
        this.trust = trust;
    }

    @Override
    public void open(OpenContext context) {
        TaskDefinition definition = carriedTask.value();
        task = definition.id();
        encoding = definition.encoding();
        entries = definition.layout().paddedSize();
        sites = trust.value().allowed().stream().map(SiteId::value).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public void processElement(RawRecord record, Context context, Collector<VerifiedChunk> out) {
        try {
            VerifiedChunk chunk = read(record);
            context.output(
                    SEEN,
                    UploadNews.chunk(
                            chunk.task() + "/" + chunk.round(),
                            chunk.site(),
                            chunk.root(),
                            chunk.chunk(),
                            record.timestamp()));
            out.collect(chunk);
        } catch (RejectedRecordException e) {
            context.output(Refused.TAG, Refused.of(record, e));
        }
    }

    private VerifiedChunk read(RawRecord record) throws RejectedRecordException {
        int largest = Opened.of(encoding).chunkEntries() * Integer.BYTES + AROUND_DATA;
        if (record.value().length > largest) {
            throw new RejectedRecordException(
                    Rejection.TOO_LARGE,
                    "%d bytes; a chunk of this task has at most %d".formatted(record.value().length, largest));
        }
        MaskedChunk chunk = AvroCodec.decode(record.value(), MaskedChunk.class);
        if (!chunk.getTask().equals(Opened.of(task).value())) {
            throw new RejectedRecordException(Rejection.WRONG_TASK, "this job serves " + task);
        }
        if (!sites.contains(chunk.getSite())) {
            throw new RejectedRecordException(Rejection.UNKNOWN_SIGNER, "the site is not in the trust file");
        }
        requirePlace(chunk);
        return new VerifiedChunk(
                chunk.getTask(),
                chunk.getRound(),
                chunk.getSite(),
                chunk.getChunk(),
                root(chunk, record.value()),
                dataFrom(chunk, record.value()),
                record);
    }

    private void requirePlace(MaskedChunk chunk) throws RejectedRecordException {
        int chunks = Opened.of(encoding).chunks(entries);
        int size = Opened.of(encoding).chunkEntries();
        if (chunk.getChunks() != chunks || chunk.getChunk() < 0 || chunk.getChunk() >= chunks) {
            throw new RejectedRecordException(
                    Rejection.BAD_CHUNK,
                    "chunk %d of %d; an update of this task has %d chunks"
                            .formatted(chunk.getChunk(), chunk.getChunks(), chunks));
        }
        int expected = Integer.BYTES * Math.min(size, entries - chunk.getChunk() * size);
        if (chunk.getData().remaining() != expected) {
            throw new RejectedRecordException(
                    Rejection.BAD_CHUNK,
                    "chunk %d has %d bytes, not %d"
                            .formatted(chunk.getChunk(), chunk.getData().remaining(), expected));
        }
    }

    private byte[] root(MaskedChunk chunk, byte[] value) throws RejectedRecordException {
        try {
            RoundId round = new RoundId(Opened.of(task), chunk.getRound());
            byte[] leaf = ChunkHash.of(
                    round,
                    new SiteId(chunk.getSite()),
                    new ChunkIndex(chunk.getChunk()),
                    value,
                    dataFrom(chunk, value),
                    chunk.getData().remaining());
            List<byte[]> proof = chunk.getProof().stream().map(AvroCodec::bytes).toList();
            return MerkleTree.rootOf(leaf, chunk.getChunk(), chunk.getChunks(), proof);
        } catch (IllegalArgumentException e) {
            throw new RejectedRecordException(Rejection.BAD_CHUNK, String.valueOf(e.getMessage()), e);
        }
    }

    /** The data is the schema's last field, so its bytes end the value. */
    private static int dataFrom(MaskedChunk chunk, byte[] value) {
        return value.length - chunk.getData().remaining();
    }
}
