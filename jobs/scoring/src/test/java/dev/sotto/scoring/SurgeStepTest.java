package dev.sotto.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.contracts.ServingTurn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SurgeStepTest {
    private static final long MINUTE = 60_000;
    private static final SurgeRule RULE =
            new SurgeRule(Duration.ofMinutes(5), Duration.ofMinutes(1), 1e-4, 0.05, 2, 5, 50, Duration.ofHours(6));

    private SurgeState state = SurgeState.empty(ServingTurn.made(1));
    private final List<SurgeSignal> signals = new ArrayList<>();

    /** A minute of event time: counts its messages, then tests the window that ends with it. */
    private void minute(int minute, int messages, int negatives) {
        long end = (minute + 1) * MINUTE;
        for (int i = 0; i < messages; i++) {
            state = state.plus(end, i < negatives);
        }
        SurgeStep step = SurgeStep.test(state, end, RULE);
        state = step.state();
        if (step.signal() != null) {
            signals.add(step.signal());
        }
    }

    private void minutes(int from, int to, int messages, int negatives) {
        for (int minute = from; minute < to; minute++) {
            minute(minute, messages, negatives);
        }
    }

    @Test
    void test_steadyRate_neverFires() {
        minutes(0, 200, 20, 2);
        assertThat(signals).isEmpty();
        assertThat(state.baseline()).isBetween(0.09, 0.11);
    }

    @Test
    void test_rateJumps_firesOnceWithTheExactTail() {
        minutes(0, 60, 20, 2);
        minutes(60, 64, 20, 16);
        assertThat(signals).hasSize(1);
        SurgeSignal signal = signals.get(0);
        assertThat(signal.firing()).isTrue();
        assertThat(signal.startsAt()).isEqualTo(61 * MINUTE).isEqualTo(signal.at());
        assertThat(signal.messages()).isEqualTo(100);
        assertThat(signal.negatives()).isEqualTo(24);
        assertThat(signal.tail())
                .isEqualTo(BinomialTail.atLeast(24, 100, signal.baseline()))
                .isLessThan(RULE.alpha());
    }

    @Test
    void test_beforeWarmUp_staysCalm() {
        minutes(0, 6, 8, 0);
        minute(6, 20, 20);
        assertThat(state.baselineMessages()).isLessThan(RULE.warmUp());
        assertThat(signals).isEmpty();
    }

    @Test
    void test_tooFewNegatives_staysCalm() {
        minutes(0, 300, 1, 0);
        minute(300, 4, 4);
        assertThat(signals).isEmpty();
    }

    @Test
    void test_whileFiring_baselineIsFrozenAndSurgeNeverEntersIt() {
        minutes(0, 60, 20, 2);
        minutes(60, 75, 20, 16);
        assertThat(state.firing()).isTrue();
        assertThat(state.baseline()).isEqualTo(signals.get(0).baseline());
        minutes(75, 120, 20, 2);
        assertThat(state.firing()).isFalse();
        assertThat(state.baseline()).isBetween(0.09, 0.11);
    }

    @Test
    void test_rateComesBack_resolvesAfterCalmTestsWithTheBeginning() {
        minutes(0, 60, 20, 2);
        minutes(60, 65, 20, 16);
        minutes(65, 80, 20, 2);
        assertThat(signals).extracting(SurgeSignal::firing).containsExactly(true, false);
        SurgeSignal end = signals.get(1);
        assertThat(end.startsAt()).isEqualTo(signals.get(0).startsAt());
        assertThat(end.at()).isGreaterThan(end.startsAt());
        assertThat(end.reason()).isEqualTo(SurgeSignal.CALM);
        assertThat(end.tail()).isGreaterThan(RULE.calm());
    }

    @Test
    void test_oneCalmTestBetween_doesNotResolve() {
        minutes(0, 60, 20, 2);
        minutes(60, 61, 20, 16);
        assertThat(state.firing()).isTrue();
        minutes(61, 66, 0, 0);
        assertThat(state.firing()).as("one empty window").isTrue();
        minute(66, 20, 16);
        minutes(67, 71, 0, 0);
        assertThat(signals).hasSize(1);
        minutes(71, 73, 0, 0);
        assertThat(signals).extracting(SurgeSignal::firing).containsExactly(true, false);
    }

    @Test
    void test_silence_emptiesTheState() {
        minutes(0, 60, 20, 2);
        minutes(60, 70, 0, 0);
        assertThat(state.idle()).isTrue();
        assertThat(state.baselineMessages()).isGreaterThan(1000);
    }

    @Test
    void test_paneThatIsStillFilling_waitsForItsOwnTest() {
        minutes(0, 60, 20, 2);
        state = state.plus(62 * MINUTE, true);
        SurgeStep step = SurgeStep.test(state, 61 * MINUTE, RULE);
        assertThat(step.state().panes()).extracting(Pane::end).contains(62 * MINUTE);
        assertThat(step.signal()).isNull();
    }

    @Test
    void expire_halfLifeLater_countsHalf() {
        SurgeState once =
                SurgeState.empty(ServingTurn.made(1)).plus(MINUTE, true).expire(100 * MINUTE, RULE);
        assertThat(once.baselineMessages()).isEqualTo(1);
        SurgeState twice = once.plus(361 * MINUTE, false).expire(400 * MINUTE, RULE);
        assertThat(twice.baselineMessages()).isEqualTo(1.5);
        assertThat(twice.baselineNegatives()).isEqualTo(0.5);
    }

    @Test
    void swap_whileFiring_resolvesAndBeginsAnew() {
        minutes(0, 60, 20, 2);
        minutes(60, 62, 20, 16);
        SurgeStep step = SurgeStep.swap(state, ServingTurn.made(2), 0);
        assertThat(step.state()).isEqualTo(SurgeState.empty(ServingTurn.made(2)));
        assertThat(step.signal()).isNotNull();
        assertThat(step.signal().firing()).isFalse();
        assertThat(step.signal().reason()).isEqualTo(SurgeSignal.MODEL);
        assertThat(step.signal().at()).isEqualTo(step.signal().startsAt());
    }

    @Test
    void swap_toTheSameVersionThatStandsInForMore_keepsTheBaseline() {
        minutes(0, 60, 20, 2);
        SurgeStep step = SurgeStep.swap(state, new ServingTurn(1, 4), 0);
        assertThat(step.signal()).isNull();
        assertThat(step.state().baseline()).isEqualTo(state.baseline());
        assertThat(step.state().turn()).isEqualTo(new ServingTurn(1, 4));
    }

    @Test
    void swap_whileCalm_isSilent() {
        assertThat(SurgeStep.swap(state, ServingTurn.made(2), 0).signal()).isNull();
    }
}
