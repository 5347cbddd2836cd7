package dev.sotto.scoring;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedMultiInput;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.jspecify.annotations.Nullable;

/**
 * Scores anonymized messages in mini-batches with the newest model; the second input is the broadcast of accepted models.
 *
 * <p>A batch is scored when it is full, when its oldest message has waited long enough, when a watermark wants to pass
 * (so that no message becomes late by waiting), before a barrier and at the end of input. So the buffer is empty whenever
 * a checkpoint is taken, with one exception: before the first model there is nothing to score with, and messages wait in
 * the buffer, which is then state. When that buffer is full the operator takes one message every {@link
 * BatchRule#pause()}, which holds the rest back in Kafka while it goes on looking for a model on its other input (Flink
 * does not let an operator stop one input while checkpoints are on).
 *
 * <p>Event time comes from the messages alone; the models' input counts as idle from the start.
 */
final class MiniBatchScorer extends AbstractStreamOperator<ScoredMessage>
        implements TwoInputStreamOperator<AnonymizedMessage, ModelUpdate, ScoredMessage>, BoundedMultiInput {
    private static final long serialVersionUID = 1L;
    private static final String NEWEST = "newest";

    private final transient BatchRule rule;
    private final transient BatchScoring scoring;
    private final transient ModelOpening opening;
    private final transient List<AnonymizedMessage> buffer = new ArrayList<>();

    private transient @Nullable ListState<AnonymizedMessage> waiting;
    private transient @Nullable BroadcastState<String, ModelUpdate> models;
    private transient @Nullable ExecutorService compiler;
    private transient @Nullable LiveModel live;
    private transient @Nullable Watermark held;
    private transient boolean timer;

    MiniBatchScorer(
            StreamOperatorParameters<ScoredMessage> parameters,
            BatchRule rule,
            BatchScoring scoring,
            ModelOpening opening) {
        super(parameters);
        this.rule = rule;
        this.scoring = scoring;
        this.opening = opening;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        waiting = context.getOperatorStateStore()
                .getListState(new ListStateDescriptor<>("waiting", TypeInformation.of(AnonymizedMessage.class)));
        models = context.getOperatorStateStore()
                .getBroadcastState(
                        new MapStateDescriptor<>("models", Types.STRING, TypeInformation.of(ModelUpdate.class)));
        for (AnonymizedMessage message : waiting.get()) {
            buffer.add(message);
        }
    }

    @Override
    public void open() throws Exception {
        super.open();
        combinedWatermark.updateStatus(1, true);
        ExecutorService executor =
                Executors.newSingleThreadExecutor(task -> new Thread(task, "model-compiler-" + getOperatorName()));
        compiler = executor;
        opening.open();
        LiveModel model = new LiveModel(opening, executor, rule.retry());
        live = model;
        ModelUpdate newest = models().get(NEWEST);
        if (newest != null) {
            model.start(newest);
        }
        register(getMetricGroup().addGroup("sotto"), model);
        arm();
    }

    private void register(MetricGroup metrics, LiveModel model) {
        scoring.register(metrics);
        metrics.gauge("modelVersion", model::version);
        metrics.gauge("modelFailures", model::failures);
        metrics.gauge("waiting", () -> model.ready() ? 0 : buffer.size());
    }

    @Override
    public void processElement1(StreamRecord<AnonymizedMessage> element) throws Exception {
        buffer.add(element.getValue());
        if (!live().ready() && buffer.size() > rule.waiting()) {
            TimeUnit.MILLISECONDS.sleep(rule.pause().toMillis());
        }
        if (live().ready() && buffer.size() >= rule.size()) {
            flush();
        }
        arm();
    }

    @Override
    public void processElement2(StreamRecord<ModelUpdate> element) throws Exception {
        ModelUpdate update = element.getValue();
        ModelUpdate newest = models().get(NEWEST);
        if (newest == null || update.isAfter(newest)) {
            models().put(NEWEST, update);
            live().follow(update, now());
            arm();
        }
    }

    /** One timer at most; it goes on as long as a message or a swap waits for it. */
    private void arm() {
        if (!timer && (!buffer.isEmpty() || live().behind())) {
            timer = true;
            processingTimeService.registerTimer(now() + rule.delay().toMillis(), time -> {
                timer = false;
                flush();
                arm();
            });
        }
    }

    /** A batch boundary: swaps the model if the next one is ready, then scores what there is. */
    private void flush() {
        live().advance(now());
        if (!live().ready()) {
            return;
        }
        for (int from = 0; from < buffer.size(); from += rule.size()) {
            List<AnonymizedMessage> batch = buffer.subList(from, Math.min(buffer.size(), from + rule.size()));
            for (ScoredMessage scored : scoring.score(batch, live().scorer(), live().turn())) {
                output.collect(new StreamRecord<>(scored, scored.message().time()));
            }
        }
        buffer.clear();
        if (held != null) {
            output.emitWatermark(held);
            held = null;
        }
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        flush();
        if (buffer.isEmpty()) {
            super.processWatermark(mark);
        } else {
            held = mark;
        }
    }

    @Override
    public void processWatermark2(Watermark mark) {
        // Models carry no event time.
    }

    @Override
    protected void processWatermarkStatus(WatermarkStatus status, int index) throws Exception {
        if (index == 0) {
            flush();
            super.processWatermarkStatus(status, index);
        }
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) {
        flush();
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        Objects.requireNonNull(waiting).update(buffer);
    }

    @Override
    public void endInput(int inputId) {
        flush();
    }

    @Override
    public void finish() throws Exception {
        live().settle(now());
        flush();
        if (!buffer.isEmpty()) {
            throw new IllegalStateException(
                    "the input ended while %d messages wait for a first model; announce one on the models' topic"
                            .formatted(buffer.size()));
        }
        super.finish();
    }

    @Override
    public void close() throws Exception {
        if (live != null) {
            live.close();
        }
        if (compiler != null) {
            compiler.shutdown();
        }
        super.close();
    }

    private long now() {
        return processingTimeService.getCurrentProcessingTime();
    }

    private LiveModel live() {
        return Objects.requireNonNull(live);
    }

    private BroadcastState<String, ModelUpdate> models() {
        return Objects.requireNonNull(models);
    }
}
