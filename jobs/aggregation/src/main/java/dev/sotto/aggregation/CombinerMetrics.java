package dev.sotto.aggregation;

import java.util.function.IntSupplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/** What a combiner counts, in the group {@code sotto}. Not thread-safe: written by the task's thread, read by reporters. */
final class CombinerMetrics {
    private final Counter added;
    private final Counter duplicates;
    private final Counter partials;

    CombinerMetrics(MetricGroup parent, IntSupplier waiting) {
        MetricGroup group = parent.addGroup("sotto");
        added = group.counter("chunksAdded");
        duplicates = group.counter("duplicateChunks");
        partials = group.counter("partialSums");
        group.gauge("chunksWaiting", (Gauge<Integer>) waiting::getAsInt);
    }

    void added() {
        added.inc();
    }

    void duplicate() {
        duplicates.inc();
    }

    void handedOn() {
        partials.inc();
    }
}
