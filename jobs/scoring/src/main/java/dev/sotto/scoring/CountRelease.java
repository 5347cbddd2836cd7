package dev.sotto.scoring;

import dev.sotto.connect.flink.OutgoingRecord;
import dev.sotto.privacy.CountNoise;
import dev.sotto.privacy.NoiseSecret;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.jspecify.annotations.Nullable;

/**
 * Adds up what counts in each window and releases it with noise; one subtask, since a window has one release and the budget one owner.
 *
 * <p>A window takes three steps, and the order is the guarantee:
 *
 * <pre>
 * open   --[the watermark passes its end]--> closed   (counts are final, epsilon is charged; windows without a message too)
 * closed --[a checkpoint holds it so]------> released (noise is drawn and the record written, in the next transaction)
 * </pre>
 *
 * Noise is drawn only for counts that no failure can change any more: after one, the same window has the same counts, so the same noise, which is
 * derived from them, and what a transaction that was aborted may have shown is what the next one shows. A window that the watermark has
 * not passed at the end of input is not released.
 */
final class CountRelease extends AbstractStreamOperator<OutgoingRecord>
        implements OneInputStreamOperator<Contribution, OutgoingRecord> {
    private static final long serialVersionUID = 1L;

    private final ReleaseRule rule;

    private transient @Nullable ListState<ReleaseProgress> progressState;
    private transient @Nullable ListState<WindowCounts> openState;
    private transient @Nullable ListState<ClosedWindow> closedState;

    private transient @Nullable NoiseSecret secret;
    private transient @Nullable CountNoise noise;
    private transient @Nullable ReleaseProgress progress;
    private transient Map<Long, WindowCounts> open = new TreeMap<>();
    private transient Deque<Closed> closed = new ArrayDeque<>();
    private transient boolean finished;
    private transient Counter released = new SimpleCounter();

    /**
     * A closed window.
     *
     * @param checkpoint the first checkpoint that holds it, or {@link #NONE}
     */
    private record Closed(ClosedWindow window, long checkpoint) {
        static final long NONE = Long.MAX_VALUE;
        static final long RESTORED = Long.MIN_VALUE;
    }

    CountRelease(ReleaseRule rule) {
        this.rule = rule;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        OperatorStateStore store = context.getOperatorStateStore();
        progressState =
                store.getListState(new ListStateDescriptor<>("progress", TypeInformation.of(ReleaseProgress.class)));
        openState = store.getListState(new ListStateDescriptor<>("open", TypeInformation.of(WindowCounts.class)));
        closedState = store.getListState(new ListStateDescriptor<>("closed", TypeInformation.of(ClosedWindow.class)));
        open = new TreeMap<>();
        closed = new ArrayDeque<>();
        progress = ReleaseProgress.start(rule);
        for (ReleaseProgress kept : progressState.get()) {
            progress = kept.requireSchedule(rule);
        }
        for (WindowCounts counts : openState.get()) {
            open.put(counts.windowStart(), counts);
        }
        for (ClosedWindow window : closedState.get()) {
            closed.add(new Closed(window, Closed.RESTORED));
        }
    }

    @Override
    public void open() throws Exception {
        super.open();
        secret = rule.readSecret();
        noise = rule.noise(secret);
        MetricGroup metrics = getMetricGroup().addGroup("sotto");
        // Neither depends on a message: windows close and are charged whatever is in them.
        released = metrics.counter("releasedWindows");
        metrics.gauge("epsilonSpent", () -> Double.parseDouble(progress().spent()));
    }

    @Override
    public void processElement(StreamRecord<Contribution> element) {
        Contribution contribution = element.getValue();
        long start = contribution.windowStart();
        if (start >= progress().next() && !progress().ended()) {
            WindowCounts counts = open.get(start);
            open.put(
                    start,
                    (counts == null ? WindowCounts.empty(start, rule.cells()) : counts).plus(contribution.cell()));
        }
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        if (!mark.equals(Watermark.MAX_WATERMARK)) {
            close(mark.getTimestamp());
        }
        super.processWatermark(mark);
    }

    private void close(long watermark) {
        ReleaseProgress now = progress();
        while (now.fits(rule) && now.next() + rule.size() - 1 <= watermark) {
            WindowCounts counts = open.remove(now.next());
            long start = now.next();
            now = now.charge(rule);
            closed.add(new Closed(
                    ClosedWindow.of(counts == null ? WindowCounts.empty(start, rule.cells()) : counts, now),
                    Closed.NONE));
        }
        if (!now.ended() && !now.fits(rule)) {
            now = now.end();
            open.clear();
            closed.add(new Closed(ClosedWindow.end(now), Closed.NONE));
        }
        progress = now;
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        Objects.requireNonNull(progressState).update(List.of(progress()));
        Objects.requireNonNull(openState).update(List.copyOf(open.values()));
        Objects.requireNonNull(closedState)
                .update(closed.stream().map(Closed::window).toList());
        Deque<Closed> held = new ArrayDeque<>();
        for (Closed window : closed) {
            held.add(new Closed(window.window(), Math.min(window.checkpoint(), context.getCheckpointId())));
        }
        closed = held;
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) throws Exception {
        super.notifyCheckpointComplete(checkpoint);
        // After the end of input nothing can be written; what is closed stays in the savepoint for whoever restores it.
        while (!finished && !closed.isEmpty() && closed.getFirst().checkpoint() <= checkpoint) {
            release(closed.removeFirst().window());
        }
    }

    private void release(ClosedWindow window) {
        long start = window.counts().windowStart();
        CountNoise drawn = Objects.requireNonNull(noise);
        OutgoingRecord record;
        if (window.isEnd()) {
            record = ReleasedRecord.end(rule, drawn, window);
        } else {
            long[] noised = drawn.noised(window.counts().counts(), rule.context(start));
            record = ReleasedRecord.window(rule, drawn, window, noised);
            released.inc();
        }
        output.collect(new StreamRecord<>(record, start));
    }

    @Override
    public void finish() throws Exception {
        finished = true;
        super.finish();
    }

    @Override
    public void close() throws Exception {
        if (secret != null) {
            secret.destroy();
        }
        super.close();
    }

    /** Windows that hold an exact count in state: open ones, and closed ones not released yet. */
    int windowsInState() {
        return open.size() + closed.size();
    }

    private ReleaseProgress progress() {
        return Objects.requireNonNull(progress);
    }
}
