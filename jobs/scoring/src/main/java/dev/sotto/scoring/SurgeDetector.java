package dev.sotto.scoring;

import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Tests every key's sliding window of event time for more negatives than its own past explains; see {@link SurgeState}
 * for the states and {@link SurgeStep} for the test. A key that was silent for ten half-lives is forgotten.
 */
final class SurgeDetector extends KeyedProcessFunction<String, ScoredMessage, Alert> {
    private static final long serialVersionUID = 1L;
    private static final int FORGET = 10;

    private final SurgeRule rule;
    private final SurgeAlerts alerts;

    private transient @Nullable ValueState<SurgeState> surge;
    private transient Counter firing = new SimpleCounter();
    private transient Counter late = new SimpleCounter();
    private transient Counter stale = new SimpleCounter();

    SurgeDetector(SurgeRule rule, SurgeAlerts alerts) {
        this.rule = rule;
        this.alerts = alerts;
    }

    @Override
    public void open(OpenContext context) {
        surge = getRuntimeContext().getState(new ValueStateDescriptor<>("surge", TypeInformation.of(SurgeState.class)));
        firing = getRuntimeContext().getMetricGroup().addGroup("sotto").counter("surgeAlerts");
        late = getRuntimeContext().getMetricGroup().addGroup("sotto").counter("lateMessages");
        stale = getRuntimeContext().getMetricGroup().addGroup("sotto").counter("staleMessages");
    }

    @Override
    public void processElement(ScoredMessage scored, Context context, Collector<Alert> out) throws Exception {
        SurgeState state = surge().value();
        if (state == null) {
            state = SurgeState.empty(scored.turn());
        }
        if (state.turn().isAfter(scored.turn())) {
            // A slower subtask still scores with the model of before, whose counts are no longer compared.
            stale.inc();
            return;
        }
        if (scored.turn().isAfter(state.turn())) {
            SurgeStep swapped =
                    SurgeStep.swap(state, scored.turn(), scored.message().time());
            emit(context.getCurrentKey(), swapped, out);
            state = swapped.state();
        }
        long pane = rule.paneEnd(scored.message().time());
        long watermark = context.timerService().currentWatermark();
        long nextTest = watermark == Long.MIN_VALUE ? pane : Math.max(pane, rule.paneEnd(watermark));
        if (pane <= nextTest - rule.window().toMillis()) {
            late.inc();
        } else {
            state = state.plus(pane, scored.label().equals(alerts.label()));
            context.timerService().registerEventTimeTimer(nextTest);
        }
        surge().update(state);
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<Alert> out) throws Exception {
        SurgeState state = surge().value();
        if (state == null) {
            return;
        }
        if (timestamp % rule.slide().toMillis() == 0) {
            SurgeStep step = SurgeStep.test(state, timestamp, rule);
            emit(context.getCurrentKey(), step, out);
            state = step.state();
        }
        if (!state.idle()) {
            context.timerService().registerEventTimeTimer(rule.paneEnd(timestamp));
        } else if (timestamp >= forgetAt(state)) {
            surge().clear();
            return;
        } else {
            context.timerService().registerEventTimeTimer(forgetAt(state));
        }
        surge().update(state);
    }

    /** Rounded up to whole half-lives, so that a key holds a handful of these timers at most. */
    private long forgetAt(SurgeState state) {
        long halfLife = rule.halfLife().toMillis();
        return (state.baselineEnd() / halfLife + 1 + FORGET) * halfLife;
    }

    private void emit(String key, SurgeStep step, Collector<Alert> out) {
        SurgeSignal signal = step.signal();
        if (signal != null) {
            if (signal.firing()) {
                firing.inc();
            }
            out.collect(alerts.of(SurgeKey.parse(key), signal));
        }
    }

    private ValueState<SurgeState> surge() {
        return Objects.requireNonNull(surge);
    }
}
