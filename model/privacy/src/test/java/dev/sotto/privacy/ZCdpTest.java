package dev.sotto.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sotto.privacy.accounting.GaussianMechanism;
import dev.sotto.privacy.accounting.RdpAccountant;
import dev.sotto.privacy.accounting.Schedule;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ZCdpTest {
    @Test
    void epsilon_knownAnswer_isMet() {
        JsonNode vector = Vectors.of("rdp", "zcdp-0.5");
        double expected = vector.get("epsilon").asDouble();
        assertThat(new ZCdp(vector.get("rho").asDouble())
                        .epsilon(vector.get("delta").asDouble()))
                .isCloseTo(expected, within(expected * vector.get("rtol").asDouble()));
    }

    @Test
    void reference_exactDiscreteGaussian_meetsKnownAnswers() {
        JsonNode variance = Vectors.of("discrete_gaussian", "dg-variance");
        for (int i = 0; i < 2; i++) {
            assertThat(ExactDistribution.gaussian(
                                    variance.get("sigma_squared").get(i).asDouble())
                            .variance())
                    .isCloseTo(variance.get("variance").get(i).asDouble(), within(1e-12));
        }
        JsonNode exact = Vectors.of("discrete_gaussian", "dg-exact-delta");
        assertThat(ExactDistribution.gaussian(1).delta(1, 1))
                .isCloseTo(exact.get("delta").asDouble(), within(1e-11));
    }

    @ParameterizedTest
    @CsvSource({"1,1,1e-5", "1,1,0.1", "2,1,1e-6", "5,3,1e-5", "10,1,1e-9", "0.5,1,1e-5", "3,12,1e-5"})
    void zcdp_epsilon_coversTheExactDiscreteGaussian(double sigma, int sensitivity, double delta) {
        double epsilon = ZCdp.ofDiscreteGaussian(sensitivity, sigma).epsilon(delta);
        assertThat(ExactDistribution.gaussian(sigma * sigma).delta(epsilon, sensitivity))
                .isPositive()
                .isLessThanOrEqualTo(delta);
    }

    @Test
    void zcdp_discreteGaussian_costsHalfTheSquaredRatio() {
        assertThat(ZCdp.ofDiscreteGaussian(3, 6).rho()).isEqualTo(0.125);
    }

    @Property(tries = 200)
    void zcdp_epsilon_isTheLeastOverAFineGridOfOrders(
            @ForAll @DoubleRange(min = -6, max = 2) double logRho,
            @ForAll @DoubleRange(min = -12, max = -0.5) double logDelta) {
        double rho = Math.pow(10, logRho);
        double delta = Math.pow(10, logDelta);
        double least = Double.POSITIVE_INFINITY;
        for (double x = -10; x <= 20; x += 0.01) {
            double order = 1 + Math.exp(x);
            least = Math.min(least, RdpConversion.epsilonAt(order, rho * order, delta));
        }
        least = Math.max(0, least);
        // The grid misses the best order by up to half a step, which is absolute where epsilon is close to zero.
        assertThat(ZCdp.epsilon(rho, delta)).isBetween(least * (1 - 1e-3) - 1e-4, least + 1e-12);
    }

    private static double rdp(double z, int steps, double delta) {
        return RdpAccountant.create().epsilon(Schedule.of(new GaussianMechanism(z), steps), delta);
    }

    @Property(tries = 200)
    void epsilon_moreReleasesOrLessNoise_isNeverSmaller(
            @ForAll @DoubleRange(min = 0.3, max = 50) double z,
            @ForAll @IntRange(min = 1, max = 500) int steps,
            @ForAll @DoubleRange(min = -10, max = -1) double logDelta) {
        double delta = Math.pow(10, logDelta);
        double epsilon = rdp(z, steps, delta);
        assertThat(rdp(z, steps + 1, delta)).isGreaterThanOrEqualTo(epsilon);
        assertThat(rdp(z * 0.9, steps, delta)).isGreaterThanOrEqualTo(epsilon);
        assertThat(rdp(z, steps, delta / 2)).isGreaterThanOrEqualTo(epsilon);
    }

    @Property(tries = 200)
    void epsilon_sameMechanismInBothCurrencies_differsByTheOrderGridAlone(
            @ForAll @DoubleRange(min = 0.6, max = 8) double z, @ForAll @IntRange(min = 1, max = 20) int steps) {
        double rdp = rdp(z, steps, 1e-5);
        double zcdp = ZCdp.ofDiscreteGaussian(1, z).times(steps).epsilon(1e-5);
        // The grid can only lose; where the best order is below 1.1 or between 63 and 128 it loses most.
        assertThat(zcdp).isLessThanOrEqualTo(rdp * (1 + 1e-9)).isCloseTo(rdp, withinPercentage(2));
    }

    @Test
    void compose_anyOrder_costsTheSame() {
        ZCdp a = new ZCdp(0.25);
        ZCdp b = new ZCdp(0.5);
        assertThat(a.plus(b)).isEqualTo(b.plus(a)).isEqualTo(new ZCdp(0.75));
        assertThat(a.times(3)).isEqualTo(a.plus(a).plus(a));
    }

    @Test
    void epsilon_nothingReleased_isZero() {
        assertThat(new ZCdp(0).epsilon(1e-5)).isZero();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, -0.1, Double.NaN})
    void epsilon_deltaOutOfRange_saysTheValue(double delta) {
        assertThatThrownBy(() -> new ZCdp(1).epsilon(delta)).hasMessageContaining("got " + delta);
    }
}
