package dev.sotto.privacy.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final Mechanism A = new GaussianMechanism(2);
    private static final Mechanism B = new LaplaceMechanism(3);

    @Test
    void and_anyOrder_isOneSchedule() {
        Schedule schedule = Schedule.of(A, 2).and(B, 1).and(A, 3);
        assertThat(schedule).isEqualTo(Schedule.of(B, 1).and(A, 5));
        assertThat(schedule.entries()).containsExactly(new Schedule.Entry(A, 5), new Schedule.Entry(B, 1));
        assertThat(schedule.steps()).isEqualTo(6);
    }

    @Test
    void of_noSteps_saysValueBoundAndRemedy() {
        assertThatThrownBy(() -> Schedule.of(A, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("steps must be at least 1, got 0: leave a mechanism that is not run out of the schedule");
        assertThatThrownBy(() -> Schedule.of(A, 1).and(B, -1)).hasMessageContaining("got -1");
        assertThatThrownBy(() -> new Schedule(List.of())).hasMessageContaining("at least 1 mechanism, got 0");
    }

    @Test
    void and_moreStepsThanCanBeCounted_isRefused() {
        assertThatThrownBy(() -> Schedule.of(A, Integer.MAX_VALUE).and(A, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("steps must be at most 2147483647, got 2147483648");
    }
}
