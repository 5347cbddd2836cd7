package dev.sotto.aggregation;

import dev.sotto.connect.flink.Refused;
import dev.sotto.contracts.Rejection;
import dev.sotto.federation.ModelStore;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.privacy.ReleaseNoise;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * The sum of one chunk, keyed by task and chunk index: this is how one model spreads over a cluster. A chunk waits until
 * the gate has accepted its upload, is added once, and is then gone. When the window is closed and the seeds are here, the
 * slice of the next model leaves and everything of the round is dropped.
 */
final class ChunkAccumulator extends KeyedCoProcessFunction<String, Verdict, VerifiedChunk, ModelSlice> {
    private static final long serialVersionUID = 1L;

    private final Carried<TaskDefinition> task;
    private final Opener<ReleaseNoise> noise;
    private final Opener<ModelStore> store;
    private final long retention;

    private transient @Nullable SliceRelease release;
    private transient @Nullable ParentModels parents;
    private transient @Nullable ParkedChunks parked;
    private transient @Nullable MapState<Integer, RoundSlice> rounds;
    private transient @Nullable MapState<Integer, int[]> sums;
    private transient @Nullable ValueState<SliceState> model;
    private transient @Nullable ValueState<Integer> lastEnded;
    private transient @Nullable Counter added;

    ChunkAccumulator(
            Carried<TaskDefinition> task, Opener<ReleaseNoise> noise, Opener<ModelStore> store, Duration retention) {
        this.task = task;
        this.noise = noise;
        this.store = store;
        this.retention = retention.toMillis();
    }

    @Override
    public void open(OpenContext context) throws IOException {
        release = new SliceRelease(task.value().encoding(), noise.open());
        parents = new ParentModels(store.open());
        parked = new ParkedChunks(getRuntimeContext());
        rounds = getRuntimeContext()
                .getMapState(new MapStateDescriptor<>("rounds", Types.INT, Types.POJO(RoundSlice.class)));
        sums = getRuntimeContext()
                .getMapState(new MapStateDescriptor<>(
                        "sums", Types.INT, PrimitiveArrayTypeInfo.INT_PRIMITIVE_ARRAY_TYPE_INFO));
        model = getRuntimeContext().getState(new ValueStateDescriptor<>("model", Types.POJO(SliceState.class)));
        lastEnded = getRuntimeContext().getState(new ValueStateDescriptor<>("last-ended", Types.INT));
        added = getRuntimeContext().getMetricGroup().addGroup("sotto").counter("chunksAdded");
    }

    @Override
    public void processElement1(Verdict verdict, Context context, Collector<ModelSlice> out) throws Exception {
        if (verdict.step() == Verdict.Step.OPEN) {
            rounds().put(verdict.round(), RoundSlice.opened(Opened.of(verdict.terms())));
            return;
        }
        RoundSlice round = rounds().get(verdict.round());
        if (round == null) {
            // Ended here before: the gate repeats nothing, so this is a round aborted after it was released.
            return;
        }
        switch (verdict.step()) {
            case ACCEPTED -> accepted(round, verdict, context);
            case CLOSED -> closed(round, verdict, context);
            case UNMASK -> rounds().put(verdict.round(), round.unmask(verdict.seeds()));
            case ABORTED -> end(verdict.round());
            default -> throw new IllegalStateException(verdict + " is not for an open round");
        }
        releaseIfComplete(verdict.round(), verdict.chunk(), out);
    }

    @Override
    public void processElement2(VerifiedChunk chunk, Context context, Collector<ModelSlice> out) throws Exception {
        RoundSlice round = rounds().get(chunk.round());
        if (round == null) {
            parkEarly(chunk, context);
            return;
        }
        byte[] root = round.accepted().get(chunk.site());
        if (root == null && round.closed()) {
            refuse(context, chunk, Rejection.LATE, "its round is closed and its site is not in the sum");
        } else if (root == null) {
            park(chunk, context);
        } else if (!Arrays.equals(root, chunk.root())) {
            refuse(context, chunk, Rejection.BAD_CHUNK, "its proof leads to another root than its site's manifest");
        } else if (!round.added().contains(chunk.site())) {
            add(round, chunk);
            releaseIfComplete(chunk.round(), chunk.chunk(), out);
        }
    }

    private void parkEarly(VerifiedChunk chunk, Context context) throws Exception {
        Integer last = Opened.of(lastEnded).value();
        if (last != null && chunk.round() <= last) {
            refuse(context, chunk, Rejection.LATE, "its round has ended");
            return;
        }
        context.timerService().registerEventTimeTimer(chunk.source().timestamp() + retention);
        park(chunk, context);
    }

    private void park(VerifiedChunk chunk, Context context) throws Exception {
        if (!parked().park(chunk)) {
            refuse(
                    context,
                    chunk,
                    Rejection.CONFLICT,
                    "its site has chunks of %d other uploads here".formatted(WindowState.ROOTS_A_SITE));
        }
    }

    private void accepted(RoundSlice round, Verdict verdict, Context context) throws Exception {
        UploadRoot upload = verdict.uploads().get(0);
        RoundSlice next = round.accept(upload);
        rounds().put(verdict.round(), next);
        VerifiedChunk waiting = parked().take(verdict.round(), upload);
        if (waiting != null) {
            add(next, waiting);
        }
        for (VerifiedChunk other : parked().takeAll(chunk ->
                chunk.round() == verdict.round() && chunk.site().equals(upload.site()))) {
            refuse(context, other, Rejection.BAD_CHUNK, "its proof leads to another root than its site's manifest");
        }
    }

    private void add(RoundSlice round, VerifiedChunk chunk) throws Exception {
        int number = round.terms().round();
        int[] sum = Opened.of(sums).get(number);
        if (sum == null) {
            sum = new int[round.terms().entriesOf(chunk.chunk())];
        }
        LittleEndian.add(sum, chunk.source().value(), chunk.from());
        Opened.of(sums).put(number, sum);
        rounds().put(number, round.add(chunk.site()));
        Opened.of(added).inc();
    }

    private void closed(RoundSlice round, Verdict verdict, Context context) throws Exception {
        rounds().put(verdict.round(), round.close(verdict.survivors()));
        for (VerifiedChunk left : parked().takeAll(chunk -> chunk.round() == verdict.round())) {
            boolean otherRoot = verdict.uploads().stream()
                    .anyMatch(
                            upload -> upload.site().equals(left.site()) && !Arrays.equals(upload.root(), left.root()));
            if (otherRoot) {
                refuse(context, left, Rejection.BAD_CHUNK, "its proof leads to another root than its site's manifest");
            } else {
                refuse(context, left, Rejection.LATE, "its upload was not whole when the window closed");
            }
        }
    }

    private void releaseIfComplete(int number, int chunk, Collector<ModelSlice> out) throws Exception {
        RoundSlice round = rounds().get(number);
        if (round == null || !round.isComplete()) {
            return;
        }
        int[] sum = Opened.of(sums).get(number);
        if (sum == null) {
            throw new IllegalStateException("round " + number + " is complete without a sum of chunk " + chunk);
        }
        ModelSlice slice = Opened.of(release).release(round, chunk, sum.clone(), parent(round.terms(), chunk));
        Opened.of(model).update(new SliceState(round.terms().modelVersion() + 1, slice.values()));
        out.collect(slice);
        end(number);
    }

    private float[] parent(RoundTerms terms, int chunk) throws Exception {
        SliceState held = Opened.of(model).value();
        return held != null && held.version() == terms.modelVersion()
                ? held.values()
                : Opened.of(parents).slice(terms, chunk);
    }

    private void end(int number) throws Exception {
        rounds().remove(number);
        Opened.of(sums).remove(number);
        parked().takeAll(chunk -> chunk.round() == number);
        Integer last = Opened.of(lastEnded).value();
        Opened.of(lastEnded).update(last == null ? number : Math.max(last, number));
    }

    /** Drops what waited for a round that nobody opened. */
    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<ModelSlice> out) throws Exception {
        List<VerifiedChunk> waiting =
                parked().takeAll(chunk -> chunk.source().timestamp() + retention <= timestamp && !isOpen(chunk));
        for (VerifiedChunk chunk : waiting) {
            refuse(
                    context,
                    chunk,
                    Rejection.WRONG_ROUND,
                    "its round was not opened within %d s".formatted(retention / 1000));
        }
    }

    private boolean isOpen(VerifiedChunk chunk) {
        try {
            return rounds().contains(chunk.round());
        } catch (Exception e) {
            throw new IllegalStateException("cannot read the state of " + chunk, e);
        }
    }

    private static void refuse(Context context, VerifiedChunk chunk, Rejection reason, String detail) {
        context.output(Refused.TAG, Refused.of(chunk.source(), reason, chunk + ": " + detail));
    }

    private MapState<Integer, RoundSlice> rounds() {
        return Opened.of(rounds);
    }

    private ParkedChunks parked() {
        return Opened.of(parked);
    }
}
