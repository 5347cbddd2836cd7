package dev.sotto.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccountantTest {
    /** Every vector of a mechanism that exists here: the Gaussian without subsampling, and zCDP. */
    static List<JsonNode> plainVectors() {
        List<JsonNode> plain = Vectors.of("rdp")
                .filter(v -> v.has("rho") || v.path("q").asDouble() == 1)
                .toList();
        assertThat(plain)
                .extracting(v -> v.get("id").asText())
                .contains("zcdp-0.5", "rdp-gaussian-eps1", "rdp-tfp-full");
        return plain;
    }

    @ParameterizedTest
    @MethodSource("plainVectors")
    void epsilon_knownAnswer_isMet(JsonNode vector) {
        Accountant accountant = vector.has("rho")
                ? new ZCdp(vector.get("rho").asDouble())
                : new RdpGaussian(
                        vector.get("noise_multiplier").asDouble(),
                        vector.get("steps").asInt());
        double expected = vector.get("epsilon").asDouble();
        assertThat(accountant.epsilon(vector.get("delta").asDouble()))
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

    @Property(tries = 200)
    void epsilon_moreReleasesOrLessNoise_isNeverSmaller(
            @ForAll @DoubleRange(min = 0.3, max = 50) double z,
            @ForAll @IntRange(min = 1, max = 500) int steps,
            @ForAll @DoubleRange(min = -10, max = -1) double logDelta) {
        double delta = Math.pow(10, logDelta);
        double epsilon = new RdpGaussian(z, steps).epsilon(delta);
        assertThat(new RdpGaussian(z, steps + 1).epsilon(delta)).isGreaterThanOrEqualTo(epsilon);
        assertThat(new RdpGaussian(z * 0.9, steps).epsilon(delta)).isGreaterThanOrEqualTo(epsilon);
        assertThat(new RdpGaussian(z, steps).epsilon(delta / 2)).isGreaterThanOrEqualTo(epsilon);
    }

    @Property(tries = 200)
    void epsilon_sameMechanismInBothCurrencies_differsByTheOrderGridAlone(
            @ForAll @DoubleRange(min = 0.6, max = 8) double z, @ForAll @IntRange(min = 1, max = 20) int steps) {
        double rdp = new RdpGaussian(z, steps).epsilon(1e-5);
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
        assertThat(new RdpGaussian(1, 0).epsilon(1e-5)).isZero();
    }

    @Test
    void orders_fixedList_isTheDocumentedOne() {
        double[] orders = RdpConversion.orders().toArray();
        assertThat(orders).hasSize(99 + 53 + 4).isSorted().startsWith(1.1, 1.2).endsWith(63, 128, 256, 512, 1024);
        assertThat(orders).contains(10.9, 11, 12);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, -0.1, Double.NaN})
    void epsilon_deltaOutOfRange_saysTheValue(double delta) {
        assertThatThrownBy(() -> new ZCdp(1).epsilon(delta)).hasMessageContaining("got " + delta);
        assertThatThrownBy(() -> new RdpGaussian(1, 1).epsilon(delta)).hasMessageContaining("got " + delta);
    }
}
