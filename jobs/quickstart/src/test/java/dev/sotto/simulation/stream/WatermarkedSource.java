package dev.sotto.simulation.stream;

import java.time.Clock;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkOutputMultiplexer;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.clock.RelativeClock;

/**
 * One subtask of a source: gives records their time, and makes watermarks of a strategy's own generators, one a split, as
 * Flink's reader does. Not thread-safe.
 */
final class WatermarkedSource {
    private final TimestampAssigner<Object> times;
    private final WatermarkOutputMultiplexer outputs;
    private final SortedMap<String, WatermarkGenerator<Object>> splits = new TreeMap<>();

    WatermarkedSource(
            WatermarkStrategy<Object> strategy, Iterable<String> splits, Clock clock, WatermarkOutput output) {
        WatermarkGeneratorSupplier.Context context = new WatermarkGeneratorSupplier.Context() {
            @Override
            public MetricGroup getMetricGroup() {
                return new UnregisteredMetricsGroup();
            }

            @Override
            public RelativeClock getInputActivityClock() {
                return new VirtualActivity(clock);
            }
        };
        this.times = strategy.createTimestampAssigner(UnregisteredMetricsGroup::new);
        this.outputs = new WatermarkOutputMultiplexer(output);
        for (String split : splits) {
            outputs.registerNewOutput(split);
            this.splits.put(split, strategy.createWatermarkGenerator(context));
        }
    }

    boolean hasNoSplits() {
        return splits.isEmpty();
    }

    long timestamp(Object value, long recordTime) {
        return times.extractTimestamp(value, recordTime);
    }

    /** Lets the split's generator see a record that was emitted. */
    void saw(String split, Object value, long timestamp) {
        generator(split).onEvent(value, timestamp, outputs.getImmediateOutput(split));
    }

    private WatermarkGenerator<Object> generator(String split) {
        WatermarkGenerator<Object> generator = splits.get(split);
        if (generator == null) {
            throw new IllegalArgumentException(split + " is none of the splits " + splits.keySet());
        }
        return generator;
    }

    void periodic() {
        splits.forEach((split, generator) -> generator.onPeriodicEmit(outputs.getDeferredOutput(split)));
        outputs.onPeriodicEmit();
    }

    /** The schedule's clock as Flink wants it. */
    private record VirtualActivity(Clock clock) implements RelativeClock {
        @Override
        public long relativeTimeMillis() {
            return clock.millis();
        }

        @Override
        public long relativeTimeNanos() {
            return clock.millis() * 1_000_000;
        }
    }
}
