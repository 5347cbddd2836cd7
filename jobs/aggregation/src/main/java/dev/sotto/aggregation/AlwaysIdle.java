package dev.sotto.aggregation;

import dev.sotto.connect.flink.RawRecord;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;

/** The watermark of a source that never holds others back: coordination's records have no window of their own. */
final class AlwaysIdle implements WatermarkGenerator<RawRecord> {
    static WatermarkStrategy<RawRecord> strategy() {
        return WatermarkStrategy.forGenerator(context -> new AlwaysIdle());
    }

    @Override
    public void onEvent(RawRecord event, long timestamp, WatermarkOutput output) {
        output.markIdle();
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
        output.markIdle();
    }
}
