package dev.sotto.privacy.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PldAccountantTest {
    private static final PldAccountant PLD = PldAccountant.create();
    private static final AnalyticGaussianAccountant EXACT = AnalyticGaussianAccountant.create();
    private static final double TIGHT = 1e-2;

    @ParameterizedTest
    @CsvSource({
        "0.2, 1, 1e-5",
        "0.7, 2, 1e-5",
        "1, 1, 1e-10",
        "1, 100, 1e-6",
        "30, 900, 1e-9",
        "300, 10000, 1e-10",
        "300, 10000, 0.1",
        "1000, 1000000, 1e-6",
        "5000, 1, 1e-5",
        "1000000, 100000, 1e-10",
        "40000, 100000, 1e-10",
        "100, 3000000, 1e-6"
    })
    void epsilon_gaussians_liesBetweenExactAndTight(double z, int steps, double delta) {
        Schedule schedule = Schedule.of(new GaussianMechanism(z), steps);
        double exact = EXACT.epsilon(schedule, delta);
        assertThat(PLD.epsilon(schedule, delta)).isBetween(exact, exact + TIGHT);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.1, 1, 3, 4.5})
    void delta_gaussians_isExactOrBarelyMore(double epsilon) {
        Schedule schedule = Schedule.of(new GaussianMechanism(30), 900);
        double exact = EXACT.delta(schedule, epsilon);
        assertThat(PLD.delta(schedule, epsilon)).isBetween(exact, exact * (1 + 1e-4));
    }

    @ParameterizedTest
    @CsvSource({"0.01, 0.6", "0.2, 1", "0.7, 2", "0.999, 1"})
    void delta_oneSampledGaussian_isExact(double q, double z) {
        SampledGaussianTruth truth = new SampledGaussianTruth(q, z);
        Schedule schedule = Schedule.of(new SubsampledGaussianMechanism(q, z), 1);
        for (double epsilon : new double[] {0, 0.05, 0.3, 1}) {
            double exact = Math.max(truth.delta(epsilon, Direction.REMOVE), truth.delta(epsilon, Direction.ADD));
            assertThat(PLD.delta(schedule, epsilon))
                    .isBetween(exact * (1 - 1e-9), Math.max(exact * (1 + 1e-6), PldAccountant.LEAST_DELTA));
        }
    }

    @ParameterizedTest
    @CsvSource({"0.01, 0.7", "0.2, 1.5", "0.6, 2"})
    void delta_twoSampledGaussians_meetsQuadrature(double q, double z) {
        SampledGaussianTruth truth = new SampledGaussianTruth(q, z);
        Schedule schedule = Schedule.of(new SubsampledGaussianMechanism(q, z), 2);
        for (double epsilon : new double[] {0.05, 0.5, 1.2}) {
            double exact =
                    Math.max(truth.deltaOfTwo(epsilon, Direction.REMOVE), truth.deltaOfTwo(epsilon, Direction.ADD));
            assertThat(PLD.delta(schedule, epsilon)).isCloseTo(exact, within(1e-6 + exact * 1e-4));
        }
    }

    @Test
    void directions_sampledGaussian_areBothMetAndDiffer() {
        SampledGaussianTruth truth = new SampledGaussianTruth(0.3, 1);
        for (Direction direction : Direction.values()) {
            LossSum sum = new LossSum(
                    List.of(new LossSum.Term(new SampledGaussianLoss(0.3, 1, direction).discretised(1e-4), 1)));
            double exact = truth.delta(0.2, direction);
            assertThat(sum.delta(0.2).orElseThrow()).isBetween(exact, exact + 1e-8);
        }
        assertThat(truth.delta(0.2, Direction.REMOVE)).isGreaterThan(truth.delta(0.2, Direction.ADD) + 1e-3);
    }

    @ParameterizedTest
    @CsvSource({"0.3", "1", "7.7"})
    void delta_oneLaplace_isExact(double scale) {
        Schedule schedule = Schedule.of(new LaplaceMechanism(scale), 1);
        for (double share : new double[] {0, 0.3, 0.9, 0.999}) {
            double epsilon = share / scale;
            double exact = -Math.expm1((epsilon - 1 / scale) / 2);
            assertThat(PLD.delta(schedule, epsilon)).isBetween(exact * (1 - 1e-9), exact + 1e-4);
        }
        assertThat(PLD.epsilon(schedule, 1e-10)).isBetween(1 / scale - 1e-9, 1 / scale + 2e-4);
    }

    @Test
    void delta_discreteLaplaces_meetsTheSumOverOutcomes() {
        double scale = 2.3;
        int sensitivity = 3;
        // Losses are (D - 2k)/t, so sums of them are multiples of 1/t.
        double norm = Math.tanh(1 / (2 * scale));
        Map<Integer, Double> one = new HashMap<>();
        for (int k = -400; k <= 400; k++) {
            one.merge(Math.abs(k - sensitivity) - Math.abs(k), norm * Math.exp(-Math.abs(k) / scale), Double::sum);
        }
        Map<Integer, Double> four = Map.of(0, 1.0);
        for (int i = 0; i < 4; i++) {
            Map<Integer, Double> sum = new HashMap<>();
            four.forEach((a, p) -> one.forEach((b, r) -> sum.merge(a + b, p * r, Double::sum)));
            four = sum;
        }
        Schedule schedule = Schedule.of(new DiscreteLaplaceMechanism(scale, sensitivity), 4);
        for (double epsilon : new double[] {0, 0.7, 2, 4}) {
            double exact = four.entrySet().stream()
                    .mapToDouble(e -> e.getValue() * Math.max(0, -Math.expm1(epsilon - e.getKey() / scale)))
                    .sum();
            assertThat(PLD.delta(schedule, epsilon)).isBetween(exact, exact + 1e-4);
        }
    }

    @Test
    void delta_discreteGaussians_meetsTheSumOverOutcomes() {
        double sigma = 1.4;
        double[] masses = new DiscreteGaussianLoss(sigma, 2).masses();
        Schedule schedule = Schedule.of(new DiscreteGaussianMechanism(sigma, 2), 2);
        int reach = masses.length - 1;
        for (double epsilon : new double[] {0, 1, 3.3}) {
            double exact = 0;
            for (int a = -reach; a <= reach; a++) {
                for (int b = -reach; b <= reach; b++) {
                    double loss = 2 * (2.0 * (a + b) + 4) / (2 * sigma * sigma);
                    exact += masses[Math.abs(a)] * masses[Math.abs(b)] * Math.max(0, -Math.expm1(epsilon - loss));
                }
            }
            assertThat(PLD.delta(schedule, epsilon)).isBetween(exact, exact + 1e-4);
        }
    }

    @Test
    void epsilon_discreteGaussian_isNotThatOfTheContinuousOne() {
        double discrete = PLD.epsilon(Schedule.of(new DiscreteGaussianMechanism(1, 1), 1), 1e-5);
        double continuous = PLD.epsilon(Schedule.of(new GaussianMechanism(1), 1), 1e-5);
        assertThat(discrete).isCloseTo(4.4302, within(1e-4));
        assertThat(continuous).isCloseTo(4.3772, within(1e-4));
    }

    @Test
    void epsilon_mixture_isNotBelowItsPartsAndNotAboveTheirSum() {
        Schedule sampled = Schedule.of(new SubsampledGaussianMechanism(0.05, 1.2), 200);
        Schedule laplace = Schedule.of(new LaplaceMechanism(4), 5);
        Schedule both = sampled.and(new LaplaceMechanism(4), 5);
        double mixed = PLD.epsilon(both, 2e-6);
        assertThat(mixed)
                .isGreaterThan(Math.max(PLD.epsilon(sampled, 2e-6), PLD.epsilon(laplace, 2e-6)))
                .isLessThan(PLD.epsilon(sampled, 1e-6) + PLD.epsilon(laplace, 1e-6))
                .isLessThan(RdpAccountant.create().epsilon(both, 2e-6));
    }

    @Test
    void epsilon_mixtureOfGaussians_isThatOfTheirSum() {
        Schedule mixture = Schedule.of(new GaussianMechanism(20), 100).and(new GaussianMechanism(7), 11);
        double exact = EXACT.epsilon(mixture, 1e-7);
        assertThat(PLD.epsilon(mixture, 1e-7)).isBetween(exact, exact + 1e-4);
    }

    @Test
    void epsilon_samePartsInAnyOrder_isTheSame() {
        Mechanism a = new SubsampledGaussianMechanism(0.1, 1.5);
        Mechanism b = new DiscreteLaplaceMechanism(5, 1);
        double one = PLD.epsilon(Schedule.of(a, 20).and(b, 3).and(a, 7), 1e-5);
        assertThat(PLD.epsilon(Schedule.of(b, 1).and(a, 27).and(b, 2), 1e-5)).isEqualTo(one);
    }

    @Property(tries = 6)
    void epsilon_moreStepsHigherRateOrLessNoise_isNeverSmaller(
            @ForAll @DoubleRange(min = -2.5, max = -0.5) double logRate,
            @ForAll @DoubleRange(min = 0.7, max = 4) double z,
            @ForAll @IntRange(min = 1, max = 3000) int steps) {
        double q = Math.pow(10, logRate);
        double epsilon = epsilon(q, z, steps) - 1e-9;
        assertThat(epsilon(q, z, steps + 1 + steps / 100)).isGreaterThanOrEqualTo(epsilon);
        assertThat(epsilon(q * 1.02, z, steps)).isGreaterThanOrEqualTo(epsilon);
        assertThat(epsilon(q, z / 1.02, steps)).isGreaterThanOrEqualTo(epsilon);
        assertThat(RdpAccountant.create().epsilon(Schedule.of(new SubsampledGaussianMechanism(q, z), steps), 1e-5))
                .isGreaterThanOrEqualTo(epsilon);
    }

    private static double epsilon(double q, double z, int steps) {
        return PLD.epsilon(Schedule.of(new SubsampledGaussianMechanism(q, z), steps), 1e-5);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-10, 1e-7, 1e-3, 0.1})
    void delta_ofTheEpsilonOfADelta_isThatDelta(double delta) {
        Schedule schedule = Schedule.of(new SubsampledGaussianMechanism(0.02, 1), 500);
        double back = PLD.delta(schedule, PLD.epsilon(schedule, delta));
        assertThat(back).isCloseTo(delta, within(delta * 1e-5));
    }

    @Test
    void epsilon_hardlyAnyNoise_isInfiniteAndDeltaOne() {
        Schedule schedule = Schedule.of(new GaussianMechanism(0.001), 1);
        assertThat(PLD.epsilon(schedule, 1e-5)).isInfinite();
        assertThat(PLD.delta(schedule, 10)).isEqualTo(1);
    }

    @Test
    void epsilon_lossesTooWideForTheFinestGrid_staysABound() {
        Schedule schedule = Schedule.of(new GaussianMechanism(0.5), 100_000);
        double exact = EXACT.epsilon(schedule, 1e-6);
        assertThat(PLD.epsilon(schedule, 1e-6)).isBetween(exact, exact * 1.01);
    }

    @ParameterizedTest
    @ValueSource(doubles = {9.9e-11, 1e-12, 0, 1, Double.NaN})
    void epsilon_deltaOutOfRange_isRefused(double delta) {
        assertThatThrownBy(() -> PLD.epsilon(Schedule.of(new GaussianMechanism(1), 1), delta))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("delta must")
                .hasMessageContaining("got " + delta);
    }

    @Test
    void epsilon_deltaBelowTheLeast_namesTheOtherAccountant() {
        assertThatThrownBy(() -> PLD.epsilon(Schedule.of(new GaussianMechanism(1), 1), 1e-11))
                .hasMessageContaining(
                        "at least 1.0E-10 for a privacy loss distribution, got 1.0E-11: use RdpAccountant");
    }

    @Test
    void delta_farOut_isTheLeastThatIsResolved() {
        assertThat(PLD.delta(Schedule.of(new GaussianMechanism(30), 900), 10)).isEqualTo(PldAccountant.LEAST_DELTA);
    }

    @Test
    void epsilon_mechanismWithoutDistribution_isRefusedByName() {
        assertThatThrownBy(() -> PLD.epsilon(Schedule.of(new SkellamMechanism(10, 1, 1), 1), 1e-5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no privacy loss distribution is known for SkellamMechanism")
                .hasMessageContaining("use RdpAccountant");
        assertThatThrownBy(() -> PLD.epsilon(Schedule.of(new DiscreteGaussianMechanism(0x1p21, 1), 1), 1e-5))
                .hasMessageContaining("use ZcdpAccountant");
        assertThatThrownBy(() -> PLD.epsilon(Schedule.of(new DiscreteLaplaceMechanism(1, 1 << 21), 1), 1e-5))
                .hasMessageContaining("use RdpAccountant");
    }
}
