package dev.sotto.simulation.stream;

import org.apache.flink.runtime.event.WatermarkEvent;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.io.PushingAsyncDataInput;
import org.apache.flink.streaming.runtime.streamrecord.LatencyMarker;
import org.apache.flink.streaming.runtime.streamrecord.RecordAttributes;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/** Hands the combined progress of an input's channels to its operator. */
record InputProgress(OperatorHarness operator, int input) implements PushingAsyncDataInput.DataOutput<Object> {
    @Override
    public void emitWatermark(Watermark watermark) throws Exception {
        operator.watermark(input, watermark);
    }

    @Override
    public void emitWatermarkStatus(WatermarkStatus status) throws Exception {
        operator.status(input, status);
    }

    @Override
    public void emitRecord(StreamRecord<Object> record) {
        throw new IllegalStateException("a valve holds no records");
    }

    @Override
    public void emitLatencyMarker(LatencyMarker marker) {
        throw new IllegalStateException("a valve holds no markers");
    }

    @Override
    public void emitRecordAttributes(RecordAttributes attributes) {
        throw new IllegalStateException("a valve holds no attributes");
    }

    @Override
    public void emitWatermark(WatermarkEvent watermark) {
        throw new IllegalStateException("generalized watermarks are not simulated");
    }
}
