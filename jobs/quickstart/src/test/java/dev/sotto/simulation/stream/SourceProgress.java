package dev.sotto.simulation.stream;

import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/** Sends a source's watermarks, which never go back, and its idleness to everybody who reads it. Not thread-safe. */
final class SourceProgress implements WatermarkOutput {
    private final Subtask source;
    private long newest = Long.MIN_VALUE;
    private boolean idle;

    SourceProgress(Subtask source) {
        this.source = source;
    }

    @Override
    public void emitWatermark(Watermark watermark) {
        markActive();
        if (watermark.getTimestamp() > newest) {
            newest = watermark.getTimestamp();
            send(new org.apache.flink.streaming.api.watermark.Watermark(newest));
        }
    }

    @Override
    public void markIdle() {
        if (!idle) {
            idle = true;
            send(WatermarkStatus.IDLE);
        }
    }

    @Override
    public void markActive() {
        if (idle) {
            idle = false;
            send(WatermarkStatus.ACTIVE);
        }
    }

    private void send(Object element) {
        try {
            source.toAll(element);
        } catch (Exception e) {
            throw new IllegalStateException("cannot hand on the progress of " + source.vertex(), e);
        }
    }
}
