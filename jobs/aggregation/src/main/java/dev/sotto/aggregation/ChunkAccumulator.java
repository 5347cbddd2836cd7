package dev.sotto.aggregation;

import dev.sotto.federation.ModelStore;
import dev.sotto.federation.Moments;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.privacy.ReleaseNoise;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * The sums of one chunk, keyed by task and chunk index: this is how one model spreads over a cluster. It adds what combiners
 * hand on, and once the window is closed says, one time, whether every survivor's chunk is in. When the seeds are here too,
 * the slice of the next model leaves and everything of the round is dropped.
 */
final class ChunkAccumulator extends KeyedCoProcessFunction<String, SliceOrder, Partial, ModelSlice> {
    /** What the closer is told. */
    static final OutputTag<SliceReport> REPORTS = new OutputTag<>("reports", SliceReport.TYPE);

    private static final long serialVersionUID = 1L;

    private final Carried<TaskDefinition> task;
    private final Opener<ReleaseNoise> noise;
    private final Opener<ModelStore> store;
    private final long retention;

    private transient @Nullable SliceRelease release;
    private transient @Nullable ParentModels parents;
    private transient @Nullable SliceSums sums;
    private transient @Nullable MapState<Integer, RoundSlice> rounds;
    private transient @Nullable ValueState<SliceState> slice;

    ChunkAccumulator(
            Carried<TaskDefinition> task, Opener<ReleaseNoise> noise, Opener<ModelStore> store, Duration retention) {
        this.task = task;
        this.noise = noise;
        this.store = store;
        this.retention = retention.toMillis();
    }

    @Override
    public void open(OpenContext context) throws IOException {
        TaskDefinition definition = task.value();
        release = new SliceRelease(definition, noise.open());
        parents = new ParentModels(store.open());
        sums = new SliceSums(getRuntimeContext(), definition.encoding().ring(), definition.chunks());
        rounds = getRuntimeContext()
                .getMapState(new MapStateDescriptor<>("rounds", Types.INT, Types.POJO(RoundSlice.class)));
        slice = getRuntimeContext().getState(new ValueStateDescriptor<>("slice", Types.POJO(SliceState.class)));
    }

    @Override
    public void processElement1(SliceOrder order, Context context, Collector<ModelSlice> out) throws Exception {
        int number = order.terms().round();
        RoundSlice round = round(number);
        if (round == null) {
            return;
        }
        switch (order.step()) {
            case CLOSED -> {
                context.timerService().registerEventTimeTimer(order.patience());
                proceed(number, order.chunk(), round.close(order), context, out);
            }
            case UNMASK -> proceed(number, order.chunk(), round.unmask(order.seeds()), context, out);
            case ABORTED -> end(number, slice());
        }
    }

    @Override
    public void processElement2(Partial partial, Context context, Collector<ModelSlice> out) throws Exception {
        RoundSlice round = round(partial.round());
        if (round == null) {
            return;
        }
        if (!Collections.disjoint(round.added(), partial.sites())) {
            throw new IllegalStateException(partial + " has a site that is in the sum already: " + round.added());
        }
        Opened.of(sums).add(partial);
        proceed(partial.round(), partial.chunk(), round.add(partial.sites()), context, out);
    }

    /** What is known of a round; null if it has ended here, after which nothing of it counts. */
    private @Nullable RoundSlice round(int number) throws Exception {
        RoundSlice round = rounds().get(number);
        return round == null && number > slice().lastEnded() ? RoundSlice.begun() : round;
    }

    private void proceed(int number, int chunk, RoundSlice round, Context context, Collector<ModelSlice> out)
            throws Exception {
        RoundSlice next = round.isWhole() && !round.reported() ? report(round, chunk, context) : round;
        RoundTerms terms = next.terms();
        if (terms != null && next.isReady()) {
            out.collect(release(next, terms, chunk));
        } else {
            rounds().put(number, next);
        }
    }

    private RoundSlice report(RoundSlice round, int chunk, Context context) {
        List<String> missing = round.missing();
        context.output(
                REPORTS,
                new SliceReport(
                        Opened.of(round.terms()).id().toString(),
                        chunk,
                        missing,
                        EventTime.after(round.patience(), retention)));
        return round.report(!missing.isEmpty());
    }

    private ModelSlice release(RoundSlice round, RoundTerms terms, int chunk) throws Exception {
        ParentModels.Parent parent = Opened.of(parents).of(terms);
        SliceState before = slice();
        Moments moments = before.of(terms.modelSha256(), parent.manifest());
        SliceRelease.Released released = Opened.of(release)
                .release(
                        round,
                        terms,
                        chunk,
                        Opened.of(sums).copies(terms.round(), terms.groups(), chunk),
                        parent.vector(),
                        moments);
        end(terms.round(), before.released(terms, moments, released.moments()));
        return released.slice();
    }

    private void end(int number, SliceState kept) throws Exception {
        rounds().remove(number);
        Opened.of(sums).drop(number);
        Opened.of(slice).update(kept.ended(number));
    }

    /** Gives up on chunks that did not come; the end of all input blames nobody. */
    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<ModelSlice> out) throws Exception {
        if (timestamp == Long.MAX_VALUE) {
            return;
        }
        String key = context.getCurrentKey();
        int chunk = Integer.parseInt(key.substring(key.lastIndexOf('/') + 1));
        for (int number : numbers()) {
            RoundSlice round = rounds().get(number);
            if (round.isClosed() && !round.reported() && round.patience() <= timestamp) {
                rounds().put(number, report(round, chunk, context));
            }
        }
    }

    private List<Integer> numbers() throws Exception {
        List<Integer> numbers = new ArrayList<>();
        rounds().keys().forEach(numbers::add);
        return numbers;
    }

    private MapState<Integer, RoundSlice> rounds() {
        return Opened.of(rounds);
    }

    private SliceState slice() throws IOException {
        SliceState kept = Opened.of(slice).value();
        return kept == null ? SliceState.START : kept;
    }
}
