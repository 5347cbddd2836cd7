package dev.sotto.aggregation;

import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/** What the gate counts, in the group {@code sotto}. Not thread-safe: written by the task's thread, read by reporters. */
final class WindowMetrics {
    private final Counter opened;
    private final Counter closed;
    private final Counter aborted;
    private final Counter duplicates;
    private volatile int cohort;
    private volatile int survivors;
    private volatile int dropouts;

    WindowMetrics(MetricGroup parent) {
        MetricGroup group = parent.addGroup("sotto");
        opened = group.counter("roundsOpened");
        closed = group.counter("roundsClosed");
        aborted = group.counter("roundsAborted");
        duplicates = group.counter("duplicateManifests");
        group.gauge("cohort", (Gauge<Integer>) () -> cohort);
        group.gauge("survivors", (Gauge<Integer>) () -> survivors);
        group.gauge("dropouts", (Gauge<Integer>) () -> dropouts);
    }

    void opened(int announced) {
        opened.inc();
        cohort = announced;
    }

    void closed(int announced, int accepted) {
        closed.inc();
        survivors = accepted;
        dropouts = announced - accepted;
    }

    void aborted() {
        aborted.inc();
    }

    void duplicate() {
        duplicates.inc();
    }
}
