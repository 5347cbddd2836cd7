package dev.sotto.aggregation;

import dev.sotto.connect.flink.FeedRecord;
import dev.sotto.connect.flink.Refused;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.federation.TaskDefinition;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.flink.metrics.MetricGroup;

/**
 * What a combiner does with a chunk: it goes into a partial sum, straight from its record's value, if its proof leads to the
 * accepted root of its site, and only once; one that comes before the verdict waits. A round is forgotten when it is aborted,
 * or when the time until which its chunks are awaited has passed. Not thread-safe.
 */
final class Combining {
    private static final String OTHER_ROOT = "its proof leads to another root than its site's manifest";
    private static final String TOO_MANY =
            "chunks of %d other uploads of its site wait here".formatted(CombinerRounds.WAITING_UPLOADS);
    private static final String ENDED = "its round has ended";

    private final ChunkCheck check;
    private final CombinerRounds rounds;
    private final WaitingChunks waiting = new WaitingChunks();
    private final PartialSums sums;
    private final CombinerMetrics counts;
    private final long retention;
    private final Consumer<Partial> out;
    private final Consumer<Refused> refusals;
    private long watermark = Long.MIN_VALUE;

    /**
     * Begins.
     *
     * @param out where partial sums go
     * @param refusals where refused chunks go
     */
    Combining(CombinerSettings settings, MetricGroup metrics, Consumer<Partial> out, Consumer<Refused> refusals) {
        TaskDefinition task = settings.task().value();
        check = new ChunkCheck(
                task, settings.trust().value(), settings.updates().partitions());
        rounds = new CombinerRounds(task.chunks().chunks());
        sums = new PartialSums(task);
        counts = new CombinerMetrics(metrics, waiting::size);
        retention = settings.timing().retention().toMillis();
        this.out = partial -> {
            out.accept(partial);
            counts.handedOn();
        };
        this.refusals = refusals;
    }

    /** Takes a record of the topic of chunks. */
    void read(FeedRecord record) {
        try {
            FreshChunk chunk = check.check(record);
            switch (rounds.place(chunk)) {
                case ADD -> add(chunk.round(), chunk.site(), chunk.chunk(), record.buffer(), chunk.from());
                case WAIT -> waiting.add(chunk.keep());
                case DUPLICATE -> counts.duplicate();
                case OTHER_ROOT -> refuse(chunk.keep(), Rejection.BAD_CHUNK, OTHER_ROOT);
                case TOO_MANY -> refuse(chunk.keep(), Rejection.CONFLICT, TOO_MANY);
                case CLOSED ->
                    refuse(chunk.keep(), Rejection.LATE, "its round is closed and its site is not in the sum");
                case ENDED -> refuse(chunk.keep(), Rejection.LATE, ENDED);
            }
        } catch (RejectedRecordException e) {
            refusals.accept(Refused.of(record.copy(), e));
        }
    }

    private void add(int round, String site, int chunk, byte[] buffer, int from) {
        PartialSums.Place place = new PartialSums.Place(round, chunk, rounds.group(round, site));
        sums.add(place, site, buffer, from);
        counts.added();
        if (isWhole(place)) {
            sums.flush(place, out);
        }
    }

    /** Follows the gate. */
    void obey(Verdict verdict) {
        int round = verdict.round();
        switch (verdict.step()) {
            case ACCEPTED -> accept(verdict);
            case CLOSED -> {
                rounds.close(round, verdict.patience());
                refuseAll(waiting.take(round), Rejection.LATE, "its site was not accepted before the window closed");
                sums.flush(this::isWhole, out);
            }
            case ABORTED -> {
                rounds.end(round);
                sums.drop(round);
                refuseAll(waiting.take(round), Rejection.LATE, ENDED);
            }
        }
    }

    private void accept(Verdict verdict) {
        rounds.accept(verdict);
        for (CheckedChunk chunk : waiting.take(verdict.round(), verdict.upload().site())) {
            if (Arrays.equals(chunk.root(), verdict.upload().root())) {
                add(chunk.round(), chunk.site(), chunk.chunk(), chunk.source().value(), chunk.from());
            } else {
                refuse(chunk, Rejection.BAD_CHUNK, OTHER_ROOT);
            }
        }
    }

    /** Whether there is no use in keeping a sum any longer. */
    private boolean isWhole(PartialSums.Place place) {
        return rounds.isClosed(place.round())
                && (rounds.isOverdue(place.round(), watermark)
                        || rounds.isWhole(place.round(), place.chunk(), place.group()));
    }

    /** Goes on to an event time; what accumulators wait for until then is handed on before. */
    void advance(long time) {
        watermark = time;
        sums.flush(place -> rounds.isOverdue(place.round(), time), out);
        rounds.endOverdue(time);
        if (rounds.expire(time - retention)) {
            refuseAll(
                    waiting.takeIf(chunk -> !rounds.waits(chunk)),
                    Rejection.WRONG_ROUND,
                    "its upload was not accepted within %d s".formatted(retention / 1000));
        }
    }

    /** Hands on all partial sums. */
    void flush() {
        sums.flush(place -> true, out);
    }

    private void refuseAll(List<CheckedChunk> chunks, Rejection reason, String detail) {
        chunks.forEach(chunk -> refuse(chunk, reason, detail));
    }

    private void refuse(CheckedChunk chunk, Rejection reason, String detail) {
        refusals.accept(Refused.of(chunk.source(), reason, chunk + ": " + detail));
    }

    /** What is to be remembered, but for waiting chunks. */
    CombinerMemory memory(Map<Integer, Long> positions) {
        return rounds.memory(positions);
    }

    /** The chunks that wait; whoever restores them adds them here. */
    WaitingChunks waiting() {
        return waiting;
    }

    /** Takes over what stood in a checkpoint, here or in another combiner. */
    void restore(CombinerMemory memory) {
        rounds.restore(memory);
    }
}
