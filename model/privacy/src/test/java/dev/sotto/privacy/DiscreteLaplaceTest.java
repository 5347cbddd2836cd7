package dev.sotto.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiscreteLaplaceTest {
    private static final int DRAWS = 200_000;

    @ParameterizedTest
    @CsvSource({"1,2", "1,1", "3,2", "10,1", "200,1"})
    void sample_rationalScale_fitsTheExactProbabilities(long numerator, long denominator) {
        Histogram histogram = Histogram.perValue(ExactDistribution.laplace((double) numerator / denominator), DRAWS)
                .fill(
                        DiscreteLaplace.ofScale(numerator, denominator),
                        DRAWS,
                        TestWords.of("laplace " + numerator + "/" + denominator));
        assertThat(histogram.gTest()).isGreaterThan(1e-3);
        assertThat(histogram.chiSquare()).isGreaterThan(1e-3);
    }

    @Test
    void fit_noiseOfHalfTheScale_isRejected() {
        Histogram histogram = Histogram.perValue(ExactDistribution.laplace(10), DRAWS)
                .fill(DiscreteLaplace.ofScale(5, 1), DRAWS, TestWords.of("half"));
        assertThat(histogram.gTest()).isLessThan(1e-12);
    }

    @Test
    void magnitude_productBeyondLong_isExact() {
        DiscreteLaplace noise = DiscreteLaplace.ofScale(1L << 48, (1L << 48) - 1);
        // (2^48 geometric + u) / (2^48 - 1) is geometric, and (geometric + u) / (2^48 - 1) more.
        assertThat(noise.magnitude(5, 1L << 14)).isEqualTo(1L << 14);
        assertThat(noise.magnitude(5, 1L << 20)).isEqualTo(1L << 20);
        assertThat(noise.magnitude((1L << 48) - 2, 1L << 20)).isEqualTo((1L << 20) + 1);
        assertThat(noise.magnitude(7, 3)).isEqualTo(3);
        assertThatThrownBy(() -> DiscreteLaplace.ofScale(1L << 48, 1).magnitude(0, 1L << 20))
                .isInstanceOf(ArithmeticException.class);
    }

    @Test
    void ofEpsilon_anyDouble_isRoundedUpToARationalScale() {
        assertThat(DiscreteLaplace.ofEpsilon(3, 0.5).parameters()).isEqualTo("6/1");
        DiscreteLaplace third = DiscreteLaplace.ofEpsilon(1, 3);
        assertThat(third.scale()).isBetween(1 / 3.0, (1 + 0x1p-20) / 3);
    }

    @Test
    void ofScale_equalFractions_areOneDistribution() {
        assertThat(DiscreteLaplace.ofScale(6, 4).parameters()).isEqualTo("3/2");
    }

    @Test
    void ofScale_notPositive_saysTheValue() {
        assertThatThrownBy(() -> DiscreteLaplace.ofScale(0, 1)).hasMessageContaining("got 0");
        assertThatThrownBy(() -> DiscreteLaplace.ofScale(1, 0)).hasMessageContaining("got 0");
    }
}
