package dev.sotto.privacy.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZcdpAccountantTest {
    private static final ZcdpAccountant ZCDP = ZcdpAccountant.create();

    @Test
    void cost_mixture_addsUp() {
        Schedule schedule = Schedule.of(new ConcentratedMechanism(0.25), 2)
                .and(new DiscreteGaussianMechanism(6, 3), 4)
                .and(new LaplaceMechanism(2), 1)
                .and(new DiscreteLaplaceMechanism(4, 2), 1);
        assertThat(ZCDP.cost(schedule).rho()).isCloseTo(0.5 + 4 * 0.125 + 0.125 + 0.125, within(1e-12));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-12, 1e-5, 0.01, 0.5})
    void delta_ofTheEpsilonOfADelta_isThatDelta(double delta) {
        Schedule schedule = Schedule.of(ConcentratedMechanism.ofDiscreteGaussian(3, 2), 3);
        assertThat(ZCDP.delta(schedule, ZCDP.epsilon(schedule, delta))).isCloseTo(delta, within(delta * 1e-6));
    }

    @Test
    void epsilon_anyOrders_isNotAboveTheFixedList() {
        Schedule schedule = Schedule.of(new DiscreteGaussianMechanism(50, 1), 100);
        double fixed = RdpAccountant.create().epsilon(schedule, 1e-6);
        assertThat(ZCDP.epsilon(schedule, 1e-6)).isBetween(fixed * 0.98, fixed * (1 + 1e-9));
    }

    @Test
    void cost_noRhoKnown_namesMechanismAndRemedy() {
        assertThatThrownBy(() -> ZCDP.epsilon(Schedule.of(new SubsampledGaussianMechanism(0.1, 1), 1), 1e-5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no rho is known for SubsampledGaussianMechanism")
                .hasMessageContaining("use RdpAccountant");
    }
}
