package dev.sotto.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiscreteGaussianTest {
    private static final int DRAWS = 400_000;
    private static final double SIGNIFICANCE = 1e-3;
    private static final double CERTAIN = 1e-9;

    @ParameterizedTest
    @ValueSource(doubles = {0.3, 1, 2, 10, 12.34})
    void sample_smallSigma_fitsTheExactProbabilities(double sigma) {
        DiscreteGaussian noise = DiscreteGaussian.ofSigma(sigma);
        Histogram histogram = Histogram.perValue(ExactDistribution.gaussian(noise.sigma() * noise.sigma()), DRAWS)
                .fill(noise, DRAWS, TestWords.of("gaussian " + sigma));
        assertThat(histogram.gTest()).isGreaterThan(SIGNIFICANCE);
        assertThat(histogram.chiSquare()).isGreaterThan(SIGNIFICANCE);
    }

    @ParameterizedTest
    @CsvSource({"1,4", "7,5", "10,1", "1099511627777,274877906944", "4611686018427387903,1152921504606846976"})
    void sample_rationalVariance_fitsTheExactProbabilities(long numerator, long denominator) {
        DiscreteGaussian noise = DiscreteGaussian.ofVariance(numerator, denominator);
        int draws = DRAWS / 4;
        Histogram histogram = Histogram.perValue(ExactDistribution.gaussian((double) numerator / denominator), draws)
                .fill(noise, draws, TestWords.of("variance " + numerator + "/" + denominator));
        assertThat(histogram.gTest()).isGreaterThan(SIGNIFICANCE);
        assertThat(histogram.chiSquare()).isGreaterThan(SIGNIFICANCE);
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 26})
    void sample_largeSigma_fitsTheExactProbabilities(int log) {
        long sigma = 1L << log;
        Histogram histogram = Histogram.eighths(sigma)
                .fill(DiscreteGaussian.ofSigma(sigma), DRAWS, TestWords.of("gaussian 2^" + log));
        assertThat(histogram.gTest()).isGreaterThan(SIGNIFICANCE);
        assertThat(histogram.chiSquare()).isGreaterThan(SIGNIFICANCE);
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 26})
    void sample_largeSigma_hasUniformLowBits(int log) {
        DiscreteGaussian noise = DiscreteGaussian.ofSigma(1L << log);
        RandomWords words = TestWords.of("low bits 2^" + log);
        long[] counts = new long[16];
        for (int i = 0; i < 100_000; i++) {
            counts[(int) (noise.sample(words) & 15)]++;
        }
        double[] even = new double[16];
        Arrays.fill(even, 1 / 16.0);
        assertThat(GoodnessOfFit.gTest(counts, even)).isGreaterThan(SIGNIFICANCE);
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 26, 29})
    void sample_largeSigma_hasTheMomentsOfTheDistribution(int log) {
        assertMoments(1L << log, DRAWS);
    }

    @Test
    void sample_sigmaBeyondLongArithmetic_hasTheMomentsOfTheDistribution() {
        assertMoments(1L << 31, 40_000);
    }

    private static void assertMoments(long sigma, int draws) {
        DiscreteGaussian noise = DiscreteGaussian.ofSigma(sigma);
        RandomWords words = TestWords.of("moments " + sigma);
        double first = 0;
        double second = 0;
        double fourth = 0;
        for (int i = 0; i < draws; i++) {
            double z = (double) noise.sample(words) / sigma;
            first += z;
            second += z * z;
            fourth += z * z * z * z;
        }
        // Four standard errors of each moment of a normal variable.
        assertThat(first / draws).isCloseTo(0, within(4 / Math.sqrt(draws)));
        assertThat(second / draws).isCloseTo(1, within(4 * Math.sqrt(2.0 / draws)));
        assertThat(fourth / draws).isCloseTo(3, within(4 * Math.sqrt(96.0 / draws)));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 2, 10, 65536})
    void fit_noiseOfAnotherSigma_isRejected(double sigma) {
        double wrong = sigma * 0.98;
        Histogram histogram = sigma < 1000
                ? Histogram.perValue(ExactDistribution.gaussian(sigma * sigma), DRAWS)
                : Histogram.eighths((long) sigma);
        histogram.fill(DiscreteGaussian.ofSigma(wrong), DRAWS, TestWords.of("wrong " + sigma));
        assertThat(histogram.gTest()).isLessThan(CERTAIN);
        assertThat(histogram.chiSquare()).isLessThan(CERTAIN);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0x1p-6, 0.3, 0.3333, 1.0001, 3.14159, 511.99, 1023.01, 1024.5, 7e6 + 0.1, 0x1p31})
    void ofSigma_anySigma_neverLessAndBarelyMore(double sigma) {
        assertThat(DiscreteGaussian.ofSigma(sigma).sigma()).isBetween(sigma, sigma * (1 + 0x1p-10));
    }

    @ParameterizedTest
    @CsvSource({"1,1/1", "2,4/1", "0.5,1/4", "1.5,9/4", "65536,4294967296/1"})
    void ofSigma_sigmaOnTheGrid_isExact(double sigma, String variance) {
        assertThat(DiscreteGaussian.ofSigma(sigma).parameters()).isEqualTo(variance);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, 0.001, 1e10, Double.NaN, Double.POSITIVE_INFINITY})
    void ofSigma_outOfRange_saysTheValue(double sigma) {
        assertThatThrownBy(() -> DiscreteGaussian.ofSigma(sigma))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got " + sigma);
    }

    @Test
    void ofVariance_notPositive_saysTheValue() {
        assertThatThrownBy(() -> DiscreteGaussian.ofVariance(0, 1)).hasMessageContaining("got 0");
        assertThatThrownBy(() -> DiscreteGaussian.ofVariance(1, -7)).hasMessageContaining("got -7");
    }

    @Test
    void addTo_nearTheEndOfTheRing_wraps() {
        DiscreteGaussian noise = DiscreteGaussian.ofSigma(100);
        int[] atZero = new int[64];
        int[] atEnd = new int[64];
        Arrays.fill(atEnd, Integer.MAX_VALUE);
        noise.addTo(atZero, TestWords.of("wrap"));
        noise.addTo(atEnd, TestWords.of("wrap"));
        for (int i = 0; i < 64; i++) {
            assertThat(atEnd[i] - Integer.MAX_VALUE).isEqualTo(atZero[i]);
        }
    }
}
