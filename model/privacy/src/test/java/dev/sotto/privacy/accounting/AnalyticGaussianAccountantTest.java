package dev.sotto.privacy.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class AnalyticGaussianAccountantTest {
    private static final AnalyticGaussianAccountant EXACT = AnalyticGaussianAccountant.create();

    @Property(tries = 200)
    void delta_meetsQuadrature(
            @ForAll @DoubleRange(min = 0.2, max = 20) double z,
            @ForAll @DoubleRange(min = 0, max = 3) double deviations) {
        double epsilon = Math.max(0, 1 / (2 * z * z) + deviations / z);
        // The part of N(1, z^2) that exceeds e^epsilon N(0, z^2), by the midpoint rule from where the two cross.
        double from = z * z * epsilon + 0.5;
        double step = z / 2000;
        double sum = 0;
        for (double x = from + step / 2; x < from + 12 * z; x += step) {
            sum += density(x - 1, z) - Math.exp(epsilon) * density(x, z);
        }
        double delta = EXACT.delta(Schedule.of(new GaussianMechanism(z), 1), epsilon);
        assertThat(delta).isCloseTo(sum * step, within(delta * 1e-5));
    }

    private static double density(double x, double z) {
        return Math.exp(-x * x / (2 * z * z)) / (z * Math.sqrt(2 * Math.PI));
    }

    @Property(tries = 200)
    void epsilon_isTheLeastAtItsDelta(
            @ForAll @DoubleRange(min = 0.1, max = 50) double z,
            @ForAll @DoubleRange(min = -40, max = -0.5) double logDelta) {
        Schedule schedule = Schedule.of(new GaussianMechanism(z), 1);
        double delta = Math.pow(10, logDelta);
        double epsilon = EXACT.epsilon(schedule, delta);
        assertThat(EXACT.delta(schedule, epsilon)).isLessThanOrEqualTo(delta);
        if (epsilon > 0) {
            assertThat(EXACT.delta(schedule, epsilon * (1 - 1e-9))).isGreaterThan(delta);
        }
    }

    @Test
    void epsilon_manyGaussians_areOneWithAddedShifts() {
        Schedule many = Schedule.of(new GaussianMechanism(3), 5).and(new GaussianMechanism(4), 4);
        Schedule one = Schedule.of(new GaussianMechanism(1 / Math.sqrt(5 / 9.0 + 4 / 16.0)), 1);
        assertThat(EXACT.epsilon(many, 1e-6)).isCloseTo(EXACT.epsilon(one, 1e-6), within(1e-11));
    }

    @Test
    void epsilon_largeDelta_isZero() {
        assertThat(EXACT.epsilon(Schedule.of(new GaussianMechanism(10), 1), 0.5))
                .isZero();
    }

    @Test
    void epsilon_otherMechanism_isRefusedByName() {
        assertThatThrownBy(() -> EXACT.epsilon(Schedule.of(new LaplaceMechanism(10), 1), 0.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got LaplaceMechanism[scale=10.0]: use RdpAccountant");
    }
}
