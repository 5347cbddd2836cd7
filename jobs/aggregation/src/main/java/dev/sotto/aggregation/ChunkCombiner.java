package dev.sotto.aggregation;

import dev.sotto.connect.flink.RawRecord;
import dev.sotto.connect.flink.RecordFeed;
import dev.sotto.connect.flink.Refused;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.flink.api.common.eventtime.IndexedCombinedWatermarkStatus;
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
 * its input is the gate's verdicts, of which every combiner gets all; the chunks of its partitions (number modulo
 * parallelism) it polls from its feed between verdicts, on the task's thread, and their positions are part of its state.
 *
 * <p>Partial sums are handed on before every checkpoint barrier, so that none is ever in state; at the end of input; once a
 * closed window lacks nothing of a sum any more; and before the watermark reaches the time until which accumulators wait.
 * {@link Combining} decides on chunks.
 */
final class ChunkCombiner extends AbstractStreamOperator<Partial>
        implements OneInputStreamOperator<Verdict, Partial>, BoundedOneInput {
    private static final long serialVersionUID = 1L;

    private static final int VERDICTS = 0;
    private static final int CHUNKS = 1;

    /** While chunks are on their way, polls wait for them, and verdicts for no longer than this. */
    private static final Duration BUSY = Duration.ofMillis(5);

    private static final long PAUSE_MILLIS = 20;

    /** Chunks that wait for their verdict take memory, so reading runs ahead of verdicts by no more. */
    static final long MOST_WAITING_BYTES = 64L * 1024 * 1024;

    private final transient MailboxExecutor mailbox;
    private final transient CombinerSettings settings;
    private final transient Combining combining;
    private final transient IndexedCombinedWatermarkStatus time = IndexedCombinedWatermarkStatus.forInputsCount(2);
    private final transient NavigableMap<Long, Map<Integer, Long>> uncommitted = new TreeMap<>();
    private transient Map<Integer, Long> restored = new TreeMap<>();
    private transient @Nullable RecordFeed feed;
    private transient @Nullable FeedTime feedTime;
    private transient @Nullable ListState<CombinerMemory> memory;
    private transient @Nullable ListState<CheckedChunk> parked;
    private transient long verdictTime = Long.MIN_VALUE;
    private transient boolean verdictsIdle;
    private transient boolean idle;
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
    }

    @Override
    public void open() throws Exception {
        super.open();
        var self = getRuntimeContext().getTaskInfo();
        List<Integer> mine = IntStream.range(0, settings.updates().partitions())
                .filter(partition -> partition % self.getNumberOfParallelSubtasks() == self.getIndexOfThisSubtask())
                .boxed()
                .toList();
        restored.keySet().retainAll(mine);
        RecordFeed opened = settings.updates().open(self.getIndexOfThisSubtask(), mine, restored);
        feed = opened;
        feedTime = new FeedTime(opened, settings.timing().updatesIdle().toMillis(), now());
        mailbox.execute(this::poll, "poll chunks");
    }

    private long now() {
        return getProcessingTimeService().getCurrentProcessingTime();
    }

    private void poll() throws Exception {
        if (ended) {
            return;
        }
        if (mustHold()) {
            pollLater(now());
            return;
        }
        RecordFeed from = Opened.of(feed);
        boolean behind = !from.partitions().stream().allMatch(from::isCaughtUp);
        List<RawRecord> records = from.poll(behind ? BUSY : Duration.ZERO);
        long now = now();
        for (RawRecord record : records) {
            combining.read(record);
            Opened.of(feedTime).heard(record.partition(), record.timestamp(), now);
        }
        advance(now);
        if (behind || !records.isEmpty()) {
            mailbox.execute(this::poll, "poll chunks");
        } else {
            pollLater(now);
        }
    }

    private void pollLater(long now) {
        getProcessingTimeService().registerTimer(now + PAUSE_MILLIS, at -> poll());
    }

    /** Whether enough chunks wait for verdicts that are still to come: after a pause of the job there may be many more. */
    private boolean mustHold() {
        WaitingChunks waiting = combining.waiting();
        return waiting.bytes() > MOST_WAITING_BYTES && !verdictsIdle && verdictTime < waiting.newest();
    }

    @Override
    public void processElement(StreamRecord<Verdict> element) {
        combining.obey(element.getValue());
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        if (mark.equals(Watermark.MAX_WATERMARK)) {
            combining.flush();
            output.emitWatermark(mark);
        } else {
            verdictTime = mark.getTimestamp();
            time.updateWatermark(VERDICTS, verdictTime);
            advance(now());
        }
    }

    @Override
    public void processWatermarkStatus(WatermarkStatus status) throws Exception {
        verdictsIdle = status.isIdle();
        time.updateStatus(VERDICTS, verdictsIdle);
        advance(now());
    }

    /** Event time is the lesser of the verdicts' and the chunks'. */
    private void advance(long now) {
        FeedTime ofChunks = Opened.of(feedTime);
        ofChunks.update(now);
        long before = time.getCombinedWatermark();
        time.updateStatus(CHUNKS, ofChunks.isIdle());
        time.updateWatermark(CHUNKS, ofChunks.watermark());
        if (idle && !time.isIdle()) {
            output.emitWatermarkStatus(WatermarkStatus.ACTIVE);
        }
        long watermark = time.getCombinedWatermark();
        if (watermark > before && watermark < Long.MAX_VALUE) {
            combining.advance(watermark);
            output.emitWatermark(new Watermark(watermark));
        }
        if (!idle && time.isIdle()) {
            output.emitWatermarkStatus(WatermarkStatus.IDLE);
        }
        idle = time.isIdle();
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpoint) {
        combining.flush();
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        Map<Integer, Long> positions = Opened.of(feed).positions();
        uncommitted.put(context.getCheckpointId(), positions);
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
            combining.wait(chunk);
        }
        memory = remembered;
        parked = left;
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) throws Exception {
        super.notifyCheckpointComplete(checkpoint);
        Map.Entry<Long, Map<Integer, Long>> covered = uncommitted.floorEntry(checkpoint);
        if (covered != null && feed != null) {
            feed.commit(covered.getValue());
            uncommitted.headMap(checkpoint, true).clear();
        }
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
