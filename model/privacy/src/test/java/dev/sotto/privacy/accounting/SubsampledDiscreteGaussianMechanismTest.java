package dev.sotto.privacy.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.privacy.PrivacyBudget;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubsampledDiscreteGaussianMechanismTest {
    @ParameterizedTest
    @CsvSource({"0.01, 1.0, 2", "0.01, 0.7, 5", "0.2, 0.5, 3", "1, 0.8, 4"})
    void rdp_atIntegerOrders_isThatOfTheContinuousGaussian(double q, double z, int order) {
        assertThat(new SubsampledDiscreteGaussianMechanism(q, z).rdp(order))
                .isCloseTo(new SubsampledGaussianMechanism(q, z).rdp(order), within(1e-12));
    }

    /** The exact divergences of one integer entry, summed over the lattice, in both directions. */
    @ParameterizedTest
    @CsvSource({
        "0.3, 0.4, 1, 2",
        "0.3, 0.4, 1, 2.5",
        "0.3, 0.4, 1, 1.3",
        "0.05, 0.3, 1, 3.7",
        "0.5, 2, 3, 6",
        "0.02, 0.9, 2, 17",
        "0.9, 0.6, 1, 1.5"
    })
    void rdp_ofOneEntry_boundsTheExactDivergences(double q, double sigma, int step, double order) {
        double bound = new SubsampledDiscreteGaussianMechanism(q, sigma / step).rdp(order);
        double forward = divergence(q, sigma, step, order, false);
        double backward = divergence(q, sigma, step, order, true);
        assertThat(forward).isLessThanOrEqualTo(bound * (1 + 1e-9));
        assertThat(backward).isLessThanOrEqualTo(bound * (1 + 1e-9));
        if (order == Math.rint(order)) {
            assertThat(bound).isCloseTo(Math.max(forward, backward), within(1e-9 * Math.max(1, bound)));
        }
    }

    private static double divergence(double q, double sigma, int step, double order, boolean reverse) {
        double total = IntStream.rangeClosed(-400, 400)
                .mapToDouble(x -> Math.exp(-x * x / (2 * sigma * sigma)))
                .sum();
        double moment = 0;
        for (int x = -400; x <= 400; x++) {
            double without = -x * x / (2 * sigma * sigma);
            double moved = -(x - step) * (x - step) / (2 * sigma * sigma);
            double larger = Math.max(without, moved);
            double with = larger + Math.log((1 - q) * Math.exp(without - larger) + q * Math.exp(moved - larger));
            double from = reverse ? without : with;
            double to = reverse ? with : without;
            moment += Math.exp(to + order * (from - to)) / total;
        }
        return Math.log(moment) / (order - 1);
    }

    @Test
    void rho_ofALargestOrder_boundsTheDivergenceOfAllUpToIt() {
        SubsampledDiscreteGaussianMechanism step = new SubsampledDiscreteGaussianMechanism(0.02, 0.8);
        double rho = step.rho(12);
        for (int order = 2; order <= 12; order++) {
            assertThat(step.rdp(order)).isLessThanOrEqualTo(order * rho * (1 + 1e-12));
        }
        assertThat(step.rho(40)).isGreaterThan(rho);
        assertThatThrownBy(() -> step.rho(1)).hasMessageContaining("at least 2, got 1");
    }

    @ParameterizedTest
    @ValueSource(doubles = {2, 8, 50})
    void suitableLargestOrder_ofABudget_bearsAlmostAsManyStepsAsARenyiAccountantOfIntegerOrders(double epsilon) {
        SubsampledDiscreteGaussianMechanism step = new SubsampledDiscreteGaussianMechanism(0.01, 1.1);
        int largest = step.suitableLargestOrder(new PrivacyTarget(epsilon, 1e-5));
        PrivacyBudget budget = PrivacyBudget.ofEpsilon(epsilon, 1e-5, largest);
        int steps = (int) (budget.rho() / step.rho(largest));
        RdpAccountant renyi = RdpAccountant.ofOrders(
                IntStream.rangeClosed(2, 256).asDoubleStream().toArray());
        assertThat(renyi.epsilon(Schedule.of(step, steps), 1e-5)).isLessThanOrEqualTo(epsilon);
        assertThat(renyi.epsilon(Schedule.of(step, (int) (steps * 1.03) + 2), 1e-5))
                .isGreaterThan(epsilon);
    }

    @Test
    void suitableLargestOrder_whereEveryoneTakesPart_isTheHighestAsItCostsNothing() {
        SubsampledDiscreteGaussianMechanism step = new SubsampledDiscreteGaussianMechanism(1, 1.1);
        assertThat(step.suitableLargestOrder(new PrivacyTarget(8, 1e-5))).isEqualTo(256);
    }
}
