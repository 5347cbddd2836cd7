package dev.sotto.aggregation;

import dev.sotto.connect.flink.FeedRecord;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.federation.ChunkLayout;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import dev.sotto.secagg.ChunkHash;
import dev.sotto.secagg.ChunkIndex;
import dev.sotto.secagg.MerkleTree;
import dev.sotto.secagg.Ring;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.TaskId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.util.Utf8;

/**
 * Checks one chunk after the other for all that can be told without its round: size, form, task, site, place and length. The
 * root that its proof leads to is computed once; whether that root is its site's is for the gate to say. Not thread-safe.
 */
final class ChunkCheck {
    /** Names, numbers and a proof of 32 levels. */
    private static final int AROUND_DATA = 4096;

    private final TaskId task;
    private final Utf8 taskName;
    private final ChunkLayout layout;
    private final Ring ring;
    private final int largest;
    private final Map<Utf8, SiteId> sites = new HashMap<>();
    private final ChunkPlaces places;
    private final ChunkView view = new ChunkView();

    ChunkCheck(TaskDefinition task, Trust trust, int partitions) {
        this.task = task.id();
        this.taskName = new Utf8(task.task());
        this.layout = task.chunks();
        this.ring = task.encoding().ring();
        this.largest = ring.bytes(layout.chunkEntries()) + AROUND_DATA;
        this.places = new ChunkPlaces(partitions, layout.chunks());
        trust.allowed().forEach(site -> sites.put(new Utf8(site.value()), site));
    }

    /**
     * Checks a record.
     *
     * @return the chunk; nothing is copied
     * @throws RejectedRecordException with the reason
     */
    FreshChunk check(FeedRecord record) throws RejectedRecordException {
        require(
                record.length() <= largest,
                Rejection.TOO_LARGE,
                "%d bytes; a chunk of this task has at most %d",
                record.length(),
                largest);
        view.read(record.buffer(), record.from(), record.length());
        require(view.task().equals(taskName), Rejection.WRONG_TASK, "this job serves %s", task);
        SiteId site = sites.get(view.site());
        if (site == null) {
            throw new RejectedRecordException(Rejection.UNKNOWN_SIGNER, "the site is not in the trust file");
        }
        int chunk = view.chunk();
        require(
                view.chunks() == layout.chunks() && chunk >= 0 && chunk < layout.chunks(),
                Rejection.BAD_CHUNK,
                "chunk %d of %d; an update of this task has %d chunks",
                chunk,
                view.chunks(),
                layout.chunks());
        int bytes = ring.bytes(layout.entriesOf(chunk));
        require(
                view.length() == bytes,
                Rejection.BAD_CHUNK,
                "chunk %d has %d bytes, not %d",
                chunk,
                view.length(),
                bytes);
        try {
            RoundId round = new RoundId(task, view.round());
            requirePlace(record, round, chunk);
            byte[] leaf = ChunkHash.of(round, site, new ChunkIndex(chunk), record.buffer(), view.from(), bytes);
            byte[] root = MerkleTree.rootOf(leaf, chunk, layout.chunks(), view.proof());
            return new FreshChunk(round.number(), site.value(), chunk, root, view.from(), record);
        } catch (IllegalArgumentException e) {
            throw new RejectedRecordException(Rejection.BAD_CHUNK, String.valueOf(e.getMessage()), e);
        }
    }

    private void requirePlace(FeedRecord record, RoundId round, int chunk) throws RejectedRecordException {
        byte[] key = places.key(round, chunk);
        int partition = places.partition(key);
        require(
                Arrays.equals(record.key(), key) && record.partition() == partition,
                Rejection.BAD_CHUNK,
                "chunk %d of %s belongs under its own key into partition %d; this is another key or partition",
                chunk,
                round,
                partition);
    }

    private static void require(boolean holds, Rejection rejection, String detail, Object... values)
            throws RejectedRecordException {
        if (!holds) {
            throw new RejectedRecordException(rejection, detail.formatted(values));
        }
    }
}
