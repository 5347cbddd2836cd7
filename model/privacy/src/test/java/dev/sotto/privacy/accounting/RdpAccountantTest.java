package dev.sotto.privacy.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RdpAccountantTest {
    private static final RdpAccountant RDP = RdpAccountant.create();

    @Property(tries = 30)
    void epsilon_moreStepsHigherRateLessNoiseOrSmallerDelta_isNeverSmaller(
            @ForAll @DoubleRange(min = -3, max = -0.5) double logRate,
            @ForAll @DoubleRange(min = 0.5, max = 5) double z,
            @ForAll @IntRange(min = 1, max = 5000) int steps,
            @ForAll @DoubleRange(min = -12, max = -1) double logDelta) {
        double q = Math.pow(10, logRate);
        double delta = Math.pow(10, logDelta);
        double epsilon = epsilon(q, z, steps, delta) * (1 - 1e-9);
        assertThat(epsilon(q, z, steps + 1, delta)).isGreaterThanOrEqualTo(epsilon);
        assertThat(epsilon(q * 1.1, z, steps, delta)).isGreaterThanOrEqualTo(epsilon);
        assertThat(epsilon(q, z / 1.1, steps, delta)).isGreaterThanOrEqualTo(epsilon);
        assertThat(epsilon(q, z, steps, delta / 2)).isGreaterThanOrEqualTo(epsilon);
    }

    private static double epsilon(double q, double z, int steps, double delta) {
        return RDP.epsilon(Schedule.of(new SubsampledGaussianMechanism(q, z), steps), delta);
    }

    @Property(tries = 30)
    void delta_ofTheEpsilonOfADelta_isThatDelta(
            @ForAll @DoubleRange(min = 0.5, max = 3) double z,
            @ForAll @IntRange(min = 1, max = 3000) int steps,
            @ForAll @DoubleRange(min = -30, max = -3) double logDelta) {
        Schedule schedule = Schedule.of(new SubsampledGaussianMechanism(0.02, z), steps);
        double delta = Math.pow(10, logDelta);
        assertThat(RDP.delta(schedule, RDP.epsilon(schedule, delta))).isCloseTo(delta, within(delta * 1e-9));
    }

    @Test
    void rdp_mixture_isTheSum() {
        Schedule schedule = Schedule.of(new LaplaceMechanism(5), 3)
                .and(new SkellamMechanism(40, 2, 3), 2)
                .and(new SubsampledGaussianMechanism(0.1, 2), 10);
        assertThat(RDP.rdp(schedule, 3))
                .isCloseTo(
                        3 * new LaplaceMechanism(5).rdp(3)
                                + 2 * new SkellamMechanism(40, 2, 3).rdp(3)
                                + 10 * new SubsampledGaussianMechanism(0.1, 2).rdp(3),
                        within(1e-12));
    }

    @Test
    void epsilon_gaussian_coversTheExactOne() {
        for (double delta : new double[] {0.1, 1e-5, 1e-12}) {
            Schedule schedule = Schedule.of(new GaussianMechanism(2), 7);
            double exact = AnalyticGaussianAccountant.create().epsilon(schedule, delta);
            assertThat(RDP.epsilon(schedule, delta)).isBetween(exact, exact * 1.5);
        }
    }

    @Test
    void delta_hopelessEpsilon_isOne() {
        assertThat(RDP.delta(Schedule.of(new GaussianMechanism(0.01), 100), 0)).isEqualTo(1);
    }

    @Test
    void ofOrders_fewer_costsMore() {
        Schedule schedule = Schedule.of(new SubsampledGaussianMechanism(0.01, 1.1), 1000);
        assertThat(RdpAccountant.ofOrders(2, 4).epsilon(schedule, 1e-5)).isGreaterThan(RDP.epsilon(schedule, 1e-5));
    }

    @Test
    void badArguments_sayValueBoundAndRemedy() {
        Schedule schedule = Schedule.of(new GaussianMechanism(1), 1);
        assertThatThrownBy(() -> RDP.epsilon(schedule, 0))
                .hasMessageContaining("delta must lie strictly between 0 and 1, got 0.0: choose");
        assertThatThrownBy(() -> RDP.epsilon(schedule, 1)).hasMessageContaining("got 1.0");
        assertThatThrownBy(() -> RDP.delta(schedule, -1))
                .hasMessageContaining("epsilon must be finite and at least 0, got -1.0: give");
        assertThatThrownBy(() -> RdpAccountant.ofOrders()).hasMessageContaining("got 0: use");
        assertThatThrownBy(() -> RdpAccountant.ofOrders(2, 1)).hasMessageContaining("above 1, got 1.0");
    }
}
