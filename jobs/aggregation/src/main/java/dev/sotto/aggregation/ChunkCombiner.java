package dev.sotto.aggregation;

import dev.sotto.connect.flink.Refused;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.jspecify.annotations.Nullable;

/**
 * Reads chunks and adds them where it reads them, so that only sums cross the network. It is a source and an operator in one:
 * its input is the gate's verdicts, of which every combiner gets all; its chunks it polls from its {@link ChunkFeed} between
 * verdicts, on the task's thread, and their positions are part of its state. {@link Combining} decides on chunks.
 *
 * <p>Partial sums are handed on before every checkpoint barrier, so that none is ever in state; at the end of input; once a
 * closed window lacks nothing of a sum any more; and before the watermark reaches the time until which accumulators wait.
 */
final class ChunkCombiner extends AbstractStreamOperator<Partial>
        implements OneInputStreamOperator<Verdict, Partial>, BoundedOneInput {
    private static final long serialVersionUID = 1L;

    private static final long PAUSE_MILLIS = 20;

    /** Chunks that wait for their verdict take memory, so reading runs ahead of verdicts by no more. */
    static final long MOST_WAITING_BYTES = 64L * 1024 * 1024;

    private final transient MailboxExecutor mailbox;
    private final transient CombinerSettings settings;
    private final transient Combining combining;
    private final transient CombinerTime time;
    private final transient Map<Integer, Long> restored = new TreeMap<>();
    private transient @Nullable ChunkFeed feed;
    private transient @Nullable ListState<CombinerMemory> memory;
    private transient @Nullable ListState<CheckedChunk> parked;
    private transient boolean ended;

    ChunkCombiner(StreamOperatorParameters<Partial> parameters, CombinerSettings settings) {
        super(parameters);
        this.settings = settings;
        mailbox = parameters.getMailboxExecutor();
        combining = new Combining(
                settings,
                getMetricGroup(),
                partial -> output.collect(new StreamRecord<>(partial)),
                refused -> output.collect(Refused.TAG, new StreamRecord<>(refused)));
        time = new CombinerTime(output, combining::advance);
    }

    @Override
    public void open() throws Exception {
        super.open();
        feed = ChunkFeed.open(
                settings.updates(),
                getRuntimeContext().getTaskInfo(),
                restored,
                settings.timing().updatesIdle().toMillis(),
                now());
        mailbox.execute(this::poll, "poll chunks");
    }

    private long now() {
        return getProcessingTimeService().getCurrentProcessingTime();
    }

    private void poll() {
        if (ended) {
            return;
        }
        boolean more = !mustHold() && Opened.of(feed).poll(combining::read, now());
        time.chunks(Opened.of(feed).time(now()));
        if (more) {
            mailbox.execute(this::poll, "poll chunks");
        } else {
            getProcessingTimeService().registerTimer(now() + PAUSE_MILLIS, at -> poll());
        }
    }

    /** Whether enough chunks wait for verdicts that are still to come: after a pause of the job there may be many more. */
    private boolean mustHold() {
        WaitingChunks waiting = combining.waiting();
        return waiting.bytes() > MOST_WAITING_BYTES && time.isAheadOfVerdicts(waiting.newest());
    }

    @Override
    public void processElement(StreamRecord<Verdict> element) {
        combining.obey(element.getValue());
    }

    @Override
    public void processWatermark(Watermark mark) {
        if (mark.equals(Watermark.MAX_WATERMARK)) {
            combining.flush();
            output.emitWatermark(mark);
        } else {
            time.verdicts(mark.getTimestamp());
        }
    }

    @Override
    public void processWatermarkStatus(WatermarkStatus status) {
        time.verdictsIdle(status.isIdle());
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpoint) {
        combining.flush();
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        Map<Integer, Long> positions = Opened.of(feed).positions(context.getCheckpointId());
        Opened.of(memory).update(List.of(combining.memory(positions)));
        Opened.of(parked).update(combining.waiting().all());
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        var store = context.getOperatorStateStore();
        ListState<CombinerMemory> remembered =
                store.getUnionListState(new ListStateDescriptor<>("memory", CombinerMemory.TYPE));
        ListState<CheckedChunk> left = store.getListState(new ListStateDescriptor<>("waiting", CheckedChunk.TYPE));
        for (CombinerMemory one : remembered.get()) {
            one.positions().forEach((partition, position) -> restored.merge(partition, position, Math::max));
            combining.restore(one);
        }
        for (CheckedChunk chunk : left.get()) {
            combining.waiting().add(chunk);
        }
        memory = remembered;
        parked = left;
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) throws Exception {
        super.notifyCheckpointComplete(checkpoint);
        Opened.of(feed).commit(checkpoint);
    }

    @Override
    public void endInput() {
        combining.flush();
        ended = true;
    }

    @Override
    public void finish() throws Exception {
        endInput();
        super.finish();
    }

    @Override
    public void close() throws Exception {
        ended = true;
        if (feed != null) {
            feed.close();
        }
        super.close();
    }
}
