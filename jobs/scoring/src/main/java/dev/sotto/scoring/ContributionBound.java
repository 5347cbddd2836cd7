package dev.sotto.scoring;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Lets at most so many messages of a conversation count in a window: the oldest ones, whatever order they arrive in. They are handed on when the
 * window closes, and forgotten with it.
 *
 * <p>Up to which window it closed is state as well. Event time begins anew after a restore, and a conversation whose share of a window was
 * handed on before must not get a second one; all subtasks keep to the furthest of them, since conversations may move between them.
 */
final class ContributionBound extends KeyedProcessFunction<String, Candidate, Contribution>
        implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;

    private final ReleaseRule rule;

    private transient @Nullable MapState<Long, List<Candidate>> oldest;
    private transient @Nullable ListState<Long> closed;
    private transient Counter late = new SimpleCounter();
    private transient long closedTo;

    ContributionBound(ReleaseRule rule) {
        this.rule = rule;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        closed = context.getOperatorStateStore().getUnionListState(new ListStateDescriptor<>("closed-to", Types.LONG));
        closedTo = Long.MIN_VALUE;
        for (long end : closed.get()) {
            closedTo = Math.max(closedTo, end);
        }
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        Objects.requireNonNull(closed).update(List.of(closedTo));
    }

    @Override
    public void open(OpenContext context) {
        oldest = getRuntimeContext()
                .getMapState(new MapStateDescriptor<>(
                        "oldest-messages", Types.LONG, Types.LIST(Types.POJO(Candidate.class))));
        late = getRuntimeContext().getMetricGroup().addGroup("sotto").counter("lateMessages");
    }

    @Override
    public void processElement(Candidate candidate, Context context, Collector<Contribution> out) throws Exception {
        long start = rule.windowStart(candidate.time());
        long end = start + rule.size();
        if (end <= closedTo || end - 1 <= context.timerService().currentWatermark()) {
            late.inc();
            return;
        }
        List<Candidate> known = oldest().get(start);
        List<Candidate> next = new ArrayList<>(known == null ? List.of() : known);
        next.add(candidate);
        next.sort(Candidate.OLDEST_FIRST);
        if (next.size() > rule.messages()) {
            next.remove(rule.messages());
        }
        oldest().put(start, next);
        context.timerService().registerEventTimeTimer(end - 1);
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<Contribution> out) throws Exception {
        long end = timestamp + 1;
        long start = end - rule.size();
        List<Candidate> counted = oldest().get(start);
        oldest().remove(start);
        // At the end of input every timer fires, of windows too that event time has not reached: these stay unreleased.
        if (counted == null || context.timerService().currentWatermark() == Watermark.MAX_WATERMARK.getTimestamp()) {
            return;
        }
        closedTo = Math.max(closedTo, end);
        for (Candidate candidate : counted) {
            out.collect(new Contribution(start, candidate.cell()));
        }
    }

    /** Messages that came after their window had closed. */
    long late() {
        return late.getCount();
    }

    private MapState<Long, List<Candidate>> oldest() {
        return Objects.requireNonNull(oldest);
    }
}
