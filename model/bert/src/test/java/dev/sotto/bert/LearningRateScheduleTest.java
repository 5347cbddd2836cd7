package dev.sotto.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.federation.LearningRateDecay;
import dev.sotto.federation.LocalOptimizer;
import dev.sotto.federation.TrainingSettings;
import org.junit.jupiter.api.Test;

class LearningRateScheduleTest {
    private static LearningRateSchedule schedule(int warmupBatches, LearningRateDecay decay) {
        return LearningRateSchedule.of(
                new TrainingSettings(
                        100, 10, 1e-3, 1e-3, warmupBatches, false, 0, 0, decay, 0.01, 0, LocalOptimizer.ADAMW),
                100);
    }

    @Test
    void factor_risesOverTheWarmUpAndStays() {
        LearningRateSchedule schedule = schedule(2, LearningRateDecay.NONE);
        assertThat(schedule.factor(10)).isCloseTo(0.5, within(1e-12));
        assertThat(schedule.factor(20)).isEqualTo(1);
        assertThat(schedule.factor(100)).isEqualTo(1);
    }

    @Test
    void factor_withoutWarmUp_isOneFromTheStart() {
        assertThat(schedule(0, LearningRateDecay.NONE).factor(1)).isEqualTo(1);
    }

    @Test
    void factor_withLinearDecay_fallsToZeroOneBatchBehindThePass() {
        LearningRateSchedule schedule = schedule(2, LearningRateDecay.LINEAR);
        assertThat(schedule.factor(10)).isCloseTo(0.5, within(1e-12));
        assertThat(schedule.factor(20)).isEqualTo(1);
        assertThat(schedule.factor(65)).isCloseTo(0.5, within(1e-12));
        assertThat(schedule.factor(100)).isCloseTo(1 / 9.0, within(1e-12));
        assertThat(schedule(0, LearningRateDecay.LINEAR).factor(11)).isCloseTo(0.9, within(1e-12));
    }

    @Test
    void factor_withCosineDecay_isThatOfHalfACosine() {
        LearningRateSchedule schedule = schedule(2, LearningRateDecay.COSINE);
        assertThat(schedule.factor(20)).isEqualTo(1);
        assertThat(schedule.factor(50)).isCloseTo(0.75, within(1e-12));
        assertThat(schedule.factor(65)).isCloseTo(0.5, within(1e-12));
        assertThat(schedule.factor(80)).isCloseTo(0.25, within(1e-12));
        assertThat(schedule.factor(100)).isGreaterThan(0);
    }

    @Test
    void factor_whereTheWarmUpIsLongerThanThePass_onlyRises() {
        for (LearningRateDecay decay : LearningRateDecay.values()) {
            assertThat(schedule(20, decay).factor(100)).isCloseTo(0.5, within(1e-12));
        }
    }
}
