package dev.sotto.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SkellamTest {
    private static final int DRAWS = 400_000;
    private static final double SIGNIFICANCE = 1e-3;

    @ParameterizedTest
    @CsvSource({"1,10", "1,1", "7,3", "50,1", "9999,2", "66000,1", "1000003,3"})
    void sample_anyVariance_fitsTheExactProbabilities(long numerator, long denominator) {
        Histogram histogram = Histogram.perValue(ExactDistribution.skellam((double) numerator / denominator), DRAWS)
                .fill(
                        Skellam.ofVariance(numerator, denominator),
                        DRAWS,
                        TestWords.of("skellam " + numerator + "/" + denominator));
        assertThat(histogram.gTest()).isGreaterThan(SIGNIFICANCE);
        assertThat(histogram.chiSquare()).isGreaterThan(SIGNIFICANCE);
    }

    @Test
    void sample_largeVariance_fitsTheNormalDistribution() {
        // The fourth cumulant differs by 1 in 2^28, which no test of these draws can see.
        long sigma = 1L << 14;
        Histogram histogram = Histogram.eighths(sigma)
                .fill(Skellam.ofVariance(sigma * sigma, 1), DRAWS, TestWords.of("skellam large"));
        assertThat(histogram.gTest()).isGreaterThan(SIGNIFICANCE);
        assertThat(histogram.chiSquare()).isGreaterThan(SIGNIFICANCE);
    }

    @ParameterizedTest
    @CsvSource({"3,10", "40,1", "20000,1", "40000,1", "70001,2"})
    void poisson_anyMean_fitsTheExactProbabilities(long numerator, long denominator) {
        PoissonTable poisson = PoissonTable.ofMean(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator));
        double mean = (double) numerator / denominator;
        RandomWords words = TestWords.of("poisson " + mean);
        double first = 0;
        double second = 0;
        double third = 0;
        for (int i = 0; i < DRAWS; i++) {
            double z = (poisson.sample(words) - mean) / Math.sqrt(mean);
            first += z;
            second += z * z;
            third += z * z * z;
        }
        // Four standard errors: a Poisson variable has cumulants all equal to its mean.
        assertThat(first / DRAWS).isCloseTo(0, within(4 / Math.sqrt(DRAWS)));
        assertThat(second / DRAWS).isCloseTo(1, within(4 * Math.sqrt((2 + 1 / mean) / DRAWS)));
        assertThat(third / DRAWS)
                .isCloseTo(1 / Math.sqrt(mean), within(4 * Math.sqrt((15 + 60 / mean + 40 / (mean * mean)) / DRAWS)));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 100, 40_000, 1L << 26})
    void statisticalDistance_anyVariance_isFarBelowTheLimit(long variance) {
        assertThat(Skellam.ofVariance(variance, 1).statisticalDistance()).isBetween(0x1p-127, 0x1p-105);
    }

    @Test
    void fit_noiseOfAnotherVariance_isRejected() {
        Histogram histogram = Histogram.perValue(ExactDistribution.skellam(50), DRAWS)
                .fill(Skellam.ofVariance(48, 1), DRAWS, TestWords.of("skellam wrong"));
        assertThat(histogram.gTest()).isLessThan(1e-9);
    }

    @Test
    void ofVariance_outOfRange_saysTheValueAndTheRemedy() {
        assertThatThrownBy(() -> Skellam.ofVariance(0, 1)).hasMessageContaining("got 0");
        assertThatThrownBy(() -> Skellam.ofVariance(1L << 34, 1))
                .hasMessageContaining("got " + (1L << 34) + "/1")
                .hasMessageContaining("scale");
        assertThat(Skellam.ofVariance(6, 4).parameters()).isEqualTo("3/2");
    }
}
