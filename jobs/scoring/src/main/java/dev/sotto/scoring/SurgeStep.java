package dev.sotto.scoring;

import dev.sotto.contracts.ServingTurn;
import org.jspecify.annotations.Nullable;

/**
 * What a test of a window comes to.
 *
 * @param state the state after it
 * @param signal a surge that begins or ends with it, if one does
 */
record SurgeStep(SurgeState state, @Nullable SurgeSignal signal) {
    /** Tests the window that ends at {@code end}. */
    static SurgeStep test(SurgeState before, long end, SurgeRule rule) {
        SurgeState state = before.expire(end, rule);
        long messages = 0;
        long negatives = 0;
        for (Pane pane : state.panes()) {
            // A pane that is still filling ends later and waits for its own test.
            if (pane.end() <= end) {
                messages += pane.messages();
                negatives += pane.negatives();
            }
        }
        double baseline = state.baseline();
        double tail = BinomialTail.atLeast(negatives, messages, baseline);
        if (state.firing()) {
            int calm = tail > rule.calm() ? state.calmTests() + 1 : 0;
            if (calm < rule.calmTests()) {
                return new SurgeStep(state.calmer(calm), null);
            }
            return new SurgeStep(
                    state.resolve(),
                    signal(state, false, state.startsAt(), end, messages, negatives, tail, SurgeSignal.CALM));
        }
        boolean fires =
                state.baselineMessages() >= rule.warmUp() && negatives >= rule.leastNegatives() && tail < rule.alpha();
        return fires
                ? new SurgeStep(
                        state.fire(end), signal(state, true, end, end, messages, negatives, tail, SurgeSignal.RATE))
                : new SurgeStep(state, null);
    }

    /** Begins anew under the model that serves next; a surge that is on ends. */
    static SurgeStep swap(SurgeState before, ServingTurn turn, long at) {
        if (turn.version() == before.modelVersion()) {
            // It stands in for more than before, but scores as it did.
            return new SurgeStep(before.reaching(turn.reach()), null);
        }
        long end = Math.max(before.startsAt(), at);
        SurgeSignal signal =
                before.firing() ? signal(before, false, before.startsAt(), end, 0, 0, 1, SurgeSignal.MODEL) : null;
        return new SurgeStep(SurgeState.empty(turn), signal);
    }

    private static SurgeSignal signal(
            SurgeState state,
            boolean firing,
            long startsAt,
            long at,
            long messages,
            long negatives,
            double tail,
            String reason) {
        return new SurgeSignal(
                firing, startsAt, at, messages, negatives, state.baseline(), tail, state.modelVersion(), reason);
    }
}
