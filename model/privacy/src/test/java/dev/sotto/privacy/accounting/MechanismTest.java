package dev.sotto.privacy.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MechanismTest {
    @ParameterizedTest
    @CsvSource({"0.5, 1.2", "1, 2", "3, 7.5", "20, 64"})
    void laplaceRdp_meetsQuadrature(double scale, double order) {
        // P has density exp(-|x|/b)/2b and Q is moved by one; outside [0, 1] the ratio is constant.
        double sum = Math.exp((order - 1) / scale) / 2 + Math.exp(-order / scale) / 2;
        int cells = 200_000;
        for (int i = 0; i < cells; i++) {
            double x = (i + 0.5) / cells;
            sum += Math.exp(-x / scale + (order - 1) * (1 - 2 * x) / scale) / (2 * scale) / cells;
        }
        double truth = Math.log(sum) / (order - 1);
        assertThat(new LaplaceMechanism(scale).rdp(order)).isCloseTo(truth, within(truth * 1e-8));
    }

    @ParameterizedTest
    @CsvSource({"0.7, 1, 1.5", "2, 1, 3", "3.5, 4, 10.2", "10, 25, 2"})
    void discreteLaplaceRdp_meetsTheSumOverIntegers(double scale, int sensitivity, double order) {
        double norm = Math.tanh(1 / (2 * scale));
        double sum = 0;
        for (int k = -4000; k <= 4000; k++) {
            sum += norm * Math.exp((-order * Math.abs(k) + (order - 1) * Math.abs(k - sensitivity)) / scale);
        }
        double truth = Math.log(sum) / (order - 1);
        DiscreteLaplaceMechanism mechanism = new DiscreteLaplaceMechanism(scale, sensitivity);
        assertThat(mechanism.rdp(order)).isCloseTo(truth, within(truth * 1e-10)).isLessThan(mechanism.pureEpsilon());
    }

    @ParameterizedTest
    @CsvSource({"0.4, 1, 2", "1, 1, 1.5", "1, 3, 4", "7.3, 2, 30"})
    void discreteGaussianRdp_coversTheSumOverIntegers(double sigma, int sensitivity, double order) {
        double norm = 0;
        double sum = 0;
        for (int k = -3000; k <= 3000; k++) {
            norm += Math.exp(-k * (double) k / (2 * sigma * sigma));
            double shifted = (double) (k - sensitivity) * (k - sensitivity);
            sum += Math.exp((-order * shifted + (order - 1) * k * k) / (2 * sigma * sigma));
        }
        double truth = Math.log(sum / norm) / (order - 1);
        assertThat(new DiscreteGaussianMechanism(sigma, sensitivity).rdp(order))
                .isGreaterThanOrEqualTo(truth * (1 - 1e-12));
    }

    @ParameterizedTest
    @CsvSource({"2, 1, 2", "10, 2, 3", "50, 3, 8"})
    void skellamRdp_coversTheDivergenceOfOneCoordinate(double variance, int shift, int order) {
        double[] masses = skellam(variance);
        int middle = masses.length / 2;
        double sum = 0;
        for (int k = shift; k < masses.length; k++) {
            if (masses[k] > 1e-290 && masses[k - shift] > 1e-290 && Math.abs(k - middle) < middle - 5) {
                sum += Math.exp(order * Math.log(masses[k - shift]) - (order - 1) * Math.log(masses[k]));
            }
        }
        double truth = Math.log(sum) / (order - 1);
        SkellamMechanism mechanism = new SkellamMechanism(variance, shift, shift);
        assertThat(mechanism.rdp(order)).isGreaterThanOrEqualTo(truth);
        assertThat(mechanism.rdp(order - 0.5)).isEqualTo(mechanism.rdp(order));
    }

    /** At fractional orders too, of which the theorem says nothing. */
    @ParameterizedTest
    @CsvSource({"2, 1, 1.2", "10, 2, 2", "10, 1, 3.4", "50, 3, 8", "200, 9, 17.9"})
    void skellamRho_coversTheDivergenceAtEveryOrderFromTheLeast(double variance, int shift, double least) {
        double[] masses = skellam(variance);
        double rho = new SkellamMechanism(variance, shift, shift).rho(least);
        for (double order = least; order < least + 6; order += 0.13) {
            double sum = 0;
            for (int k = shift; k < masses.length; k++) {
                if (masses[k] > 1e-290 && masses[k - shift] > 1e-290) {
                    sum += Math.exp(order * Math.log(masses[k - shift]) - (order - 1) * Math.log(masses[k]));
                }
            }
            assertThat(Math.log(sum) / (order - 1)).as("order %s", order).isLessThanOrEqualTo(order * rho);
        }
    }

    @ParameterizedTest
    @CsvSource({"3000, 40, 500", "1e8, 1000, 100000", "1e6, 5, 5"})
    void skellamRho_anyLeastOrder_isTheIntegersBoundAndLittleMore(double variance, double delta2, double delta1) {
        SkellamMechanism mechanism = new SkellamMechanism(variance, delta2, delta1);
        double before = Double.POSITIVE_INFINITY;
        for (double least : new double[] {1.01, 1.999, 2.0005, 3.5, 8, 30, 1e7}) {
            double rho = mechanism.rho(least);
            int first = (int) Math.max(2, Math.ceil(least - 1e-3));
            double atIntegers = 0;
            for (int order = first; order < first + 100; order++) {
                atIntegers = Math.max(atIntegers, mechanism.rdp(order) / order);
            }
            double most = least < 2.001 ? 2 : 1 + 1 / (4 * (least - 1e-3) * (least - 1.001));
            assertThat(rho).isGreaterThanOrEqualTo(atIntegers).isLessThanOrEqualTo(before);
            assertThat(rho / atIntegers).isLessThanOrEqualTo(most * 1.01);
            before = rho;
        }
        double gaussian = delta2 * delta2 / (2 * variance);
        assertThat(mechanism.rho(1e7)).isBetween(gaussian, gaussian * 1.05);
    }

    @Test
    void skellam_sensitivityOfADimension_isThatOfIntegers() {
        assertThat(SkellamMechanism.of(9, 4, 9)).isEqualTo(new SkellamMechanism(9, 4, 12));
        assertThat(SkellamMechanism.of(9, 4, 1000)).isEqualTo(new SkellamMechanism(9, 4, 16));
        assertThat(SkellamMechanism.of(9, 0.5, 9)).isEqualTo(new SkellamMechanism(9, 0.5, 0.5));
        assertThatThrownBy(() -> SkellamMechanism.of(9, 4, 0)).hasMessageContaining("dimension");
    }

    /** The difference of two Poisson variables of mean variance/2, by their convolution. */
    private static double[] skellam(double variance) {
        int reach = (int) (variance + 12 * Math.sqrt(variance)) + 30;
        double[] poisson = new double[2 * reach];
        poisson[0] = Math.exp(-variance / 2);
        for (int k = 1; k < poisson.length; k++) {
            poisson[k] = poisson[k - 1] * variance / 2 / k;
        }
        double[] masses = new double[2 * reach + 1];
        for (int d = -reach; d <= reach; d++) {
            for (int k = Math.max(0, -d); k < poisson.length && k + d < poisson.length; k++) {
                masses[d + reach] += poisson[k] * poisson[k + d];
            }
        }
        return masses;
    }

    @Test
    void distributedDiscreteGaussian_enoughLocalNoise_costsWhatTheGaussianDoes() {
        DistributedDiscreteGaussianMechanism mechanism = DistributedDiscreteGaussianMechanism.of(50, 3, 40, 1 << 20);
        double gaussian =
                ConcentratedMechanism.ofDiscreteGaussian(40, Math.sqrt(50) * 3).rdp(8);
        assertThat(mechanism.rdp(8)).isBetween(gaussian, gaussian * (1 + 1e-9));
        assertThat(mechanism.rho().orElseThrow() * 8).isGreaterThanOrEqualTo(mechanism.rdp(8));
    }

    @Test
    void distributedDiscreteGaussian_oneSite_isTheDiscreteGaussian() {
        DistributedDiscreteGaussianMechanism mechanism = DistributedDiscreteGaussianMechanism.of(1, 0.5, 1, 4);
        assertThat(mechanism.tau()).isZero();
        assertThat(mechanism.rdp(3)).isCloseTo(new DiscreteGaussianMechanism(0.5, 1).rdp(3), within(1e-12));
    }

    @Test
    void distributedDiscreteGaussian_eachBound_isUsedWhereItIsLeast() {
        // Little local noise in few dimensions: the additive bound; in many: those that scale the noise.
        DistributedDiscreteGaussianMechanism few = new DistributedDiscreteGaussianMechanism(10, 0.6, 2, 4, 1);
        double additive = 100 * 4 / (2 * 10 * 0.36) + few.tau();
        assertThat(few.rdp(100)).isCloseTo(additive, within(1e-9));
        DistributedDiscreteGaussianMechanism wide = new DistributedDiscreteGaussianMechanism(10, 0.6, 2, 1e6, 100);
        double byL2 = 2 / (Math.sqrt(10) * 0.6) + wide.tau() * 10;
        assertThat(wide.rdp(1.5)).isCloseTo(0.75 * byL2 * byL2, within(1e-9));
    }

    @ParameterizedTest
    @CsvSource({"2, 0.5, 1", "3, 0.5, 2", "5, 0.6, 3", "10, 0.8, 1", "4, 1.5, 3"})
    void distributedDiscreteGaussianRdp_coversTheDivergenceOfOneCoordinate(int sites, double sigma, int shift) {
        double[] masses = {1};
        for (int i = 0; i < sites; i++) {
            masses = convolved(masses, discreteGaussian(sigma));
        }
        Mechanism mechanism = new DistributedDiscreteGaussianMechanism(sites, sigma, shift, shift, 1);
        for (double order : new double[] {1.1, 1.5, 2, 5}) {
            LogSum moment = new LogSum();
            for (int k = shift; k < masses.length; k++) {
                if (masses[k] > 0 && masses[k - shift] > 0) {
                    moment.add(order * Math.log(masses[k - shift]) - (order - 1) * Math.log(masses[k]));
                }
            }
            assertThat(mechanism.rdp(order)).isGreaterThanOrEqualTo(moment.value() / (order - 1) * (1 - 1e-12));
        }
    }

    private static double[] discreteGaussian(double sigma) {
        double[] masses = new double[2 * (int) (25 * sigma) + 1];
        double sum = 0;
        for (int k = 0; k < masses.length; k++) {
            double y = k - masses.length / 2;
            masses[k] = Math.exp(-y * y / (2 * sigma * sigma));
            sum += masses[k];
        }
        for (int k = 0; k < masses.length; k++) {
            masses[k] /= sum;
        }
        return masses;
    }

    private static double[] convolved(double[] a, double[] b) {
        double[] sum = new double[a.length + b.length - 1];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < b.length; j++) {
                sum[i + j] += a[i] * b[j];
            }
        }
        return sum;
    }

    static List<Mechanism> mechanisms() {
        return List.of(
                new GaussianMechanism(1.3),
                new SubsampledGaussianMechanism(0.1, 1.3),
                new LaplaceMechanism(2),
                new DiscreteGaussianMechanism(3, 2),
                new DiscreteLaplaceMechanism(3, 2),
                new ConcentratedMechanism(0.2),
                new SkellamMechanism(20, 2, 3),
                DistributedDiscreteGaussianMechanism.of(10, 1, 2, 16));
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void rdp_growsWithTheOrderAndStaysBelowRho(Mechanism mechanism) {
        double before = 0;
        for (double order : new double[] {1.01, 1.5, 2, 2.5, 10, 60.5, 500}) {
            double rdp = mechanism.rdp(order);
            assertThat(rdp).isFinite().isGreaterThanOrEqualTo(before);
            mechanism.rho().ifPresent(rho -> assertThat(rdp).isLessThanOrEqualTo(rho * order * (1 + 1e-12)));
            before = rdp;
        }
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void rdp_orderNotAboveOne_isRefused(Mechanism mechanism) {
        for (double order : new double[] {1, 0.5, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> mechanism.rdp(order))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("order must be finite and above 1, got " + order);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void create_noiseNotPositive_saysValueBoundAndRemedy(double noise) {
        List<Runnable> creations = List.of(
                () -> new GaussianMechanism(noise),
                () -> new SubsampledGaussianMechanism(0.1, noise),
                () -> new LaplaceMechanism(noise),
                () -> new DiscreteGaussianMechanism(noise, 1),
                () -> new DiscreteLaplaceMechanism(noise, 1),
                () -> new ConcentratedMechanism(noise),
                () -> ConcentratedMechanism.ofDiscreteGaussian(1, noise),
                () -> new SkellamMechanism(noise, 1, 1));
        for (Runnable creation : creations) {
            assertThatThrownBy(creation::run)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageMatching(".+ must be positive and finite, got " + noise + ": (give|leave) .+");
        }
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                refusal(() -> new SubsampledGaussianMechanism(0, 1), "sampling rate must lie in (0, 1], got 0.0"),
                refusal(() -> new SubsampledGaussianMechanism(1.5, 1), "sampling rate must lie in (0, 1], got 1.5"),
                refusal(() -> new SubsampledGaussianMechanism(Double.NaN, 1), "got NaN"),
                refusal(() -> new DiscreteGaussianMechanism(1, 0), "sensitivity must be at least 1, got 0"),
                refusal(() -> new DiscreteLaplaceMechanism(1, -2), "sensitivity must be at least 1, got -2"),
                refusal(() -> new SkellamMechanism(1, 2, 1), "L1 sensitivity must be finite and at least the L2"),
                refusal(() -> new SkellamMechanism(1, 0, 1), "L2 sensitivity must be positive"),
                refusal(() -> DistributedDiscreteGaussianMechanism.of(0, 1, 1, 1), "sites must be at least 1, got 0"),
                refusal(
                        () -> DistributedDiscreteGaussianMechanism.of(3, 0.49, 1, 1),
                        "local sigma must be finite and at least 0.5"),
                refusal(
                        () -> DistributedDiscreteGaussianMechanism.of(3, 1, 1, 0),
                        "dimension must be at least 1, got 0"),
                refusal(() -> new DistributedDiscreteGaussianMechanism(3, 1, 2, 1, 1), "L1 sensitivity must be"));
    }

    private static Arguments refusal(Runnable creation, String message) {
        return Arguments.of(creation, message);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void create_badParameters_saysValueAndBound(Runnable creation, String message) {
        assertThatThrownBy(creation::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message)
                .hasMessageContaining(": ");
    }
}
