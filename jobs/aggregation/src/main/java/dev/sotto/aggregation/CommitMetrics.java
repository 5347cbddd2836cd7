package dev.sotto.aggregation;

import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/** What the committer counts, in the group {@code sotto}. Not thread-safe: written by the task's thread, read by reporters. */
final class CommitMetrics {
    private final Counter released;
    private final Counter refused;
    private final Counter disagreeing;
    private volatile int newest;

    CommitMetrics(MetricGroup parent) {
        MetricGroup group = parent.addGroup("sotto");
        released = group.counter("modelsReleased");
        refused = group.counter("modelsRefused");
        disagreeing = group.counter("disagreeingMetrics");
        group.gauge("modelVersion", (Gauge<Integer>) () -> newest);
    }

    /**
     * A model is published.
     *
     * @param agreed whether all its slices had the same metrics: if not, a site has sent different ones in its chunks
     */
    void released(int version, boolean agreed) {
        released.inc();
        newest = version;
        if (!agreed) {
            disagreeing.inc();
        }
    }

    void refused() {
        refused.inc();
    }
}
