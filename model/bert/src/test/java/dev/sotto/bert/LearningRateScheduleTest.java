package dev.sotto.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.federation.TrainingSettings;
import org.junit.jupiter.api.Test;

class LearningRateScheduleTest {
    private static LearningRateSchedule schedule(int warmupBatches) {
        return LearningRateSchedule.of(new TrainingSettings(100, 10, 1e-3, 1e-3, warmupBatches, false));
    }

    @Test
    void factor_risesOverTheWarmUpAndStays() {
        assertThat(schedule(2).factor(10)).isCloseTo(0.5, within(1e-12));
        assertThat(schedule(2).factor(20)).isEqualTo(1);
        assertThat(schedule(2).factor(100)).isEqualTo(1);
    }

    @Test
    void factor_withoutWarmUp_isOneFromTheStart() {
        assertThat(schedule(0).factor(1)).isEqualTo(1);
    }
}
