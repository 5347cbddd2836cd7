package dev.sotto.aggregation;

import java.util.function.LongConsumer;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/**
 * Event time of a combiner: the lesser of its verdicts' and its chunks', of those that are not idle. Not thread-safe.
 */
final class CombinerTime {
    private final Output<?> output;
    private final LongConsumer before;
    private long verdicts = Long.MIN_VALUE;
    private boolean verdictsIdle;
    private long chunks = Long.MIN_VALUE;
    private boolean chunksIdle;
    private long emitted = Long.MIN_VALUE;
    private boolean idle;

    /**
     * Begins.
     *
     * @param output where watermarks go
     * @param before hears of a watermark before it goes
     */
    CombinerTime(Output<?> output, LongConsumer before) {
        this.output = output;
        this.before = before;
    }

    void verdicts(long watermark) {
        verdicts = Math.max(verdicts, watermark);
        update();
    }

    void verdictsIdle(boolean areIdle) {
        verdictsIdle = areIdle;
        update();
    }

    void chunks(FeedTime feed) {
        chunks = Math.max(chunks, feed.watermark());
        chunksIdle = feed.isIdle();
        update();
    }

    /** Whether verdicts on chunks of this append time are still to come. */
    boolean isAheadOfVerdicts(long timestamp) {
        return !verdictsIdle && verdicts < timestamp;
    }

    private void update() {
        boolean bothIdle = verdictsIdle && chunksIdle;
        if (idle && !bothIdle) {
            output.emitWatermarkStatus(WatermarkStatus.ACTIVE);
        }
        long watermark = watermark();
        if (watermark > emitted) {
            emitted = watermark;
            before.accept(watermark);
            output.emitWatermark(new Watermark(watermark));
        }
        if (!idle && bothIdle) {
            output.emitWatermarkStatus(WatermarkStatus.IDLE);
        }
        idle = bothIdle;
    }

    private long watermark() {
        if (verdictsIdle == chunksIdle) {
            return idleOrActive();
        }
        return verdictsIdle ? chunks : verdicts;
    }

    private long idleOrActive() {
        return verdictsIdle ? Math.max(verdicts, chunks) : Math.min(verdicts, chunks);
    }
}
