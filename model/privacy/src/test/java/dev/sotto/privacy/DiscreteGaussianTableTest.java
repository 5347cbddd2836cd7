package dev.sotto.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiscreteGaussianTableTest {
    private static final int DRAWS = 1_000_000;
    private static final double SIGNIFICANCE = 1e-3;

    @ParameterizedTest
    @ValueSource(doubles = {0.3, 1, 2, 10, 12.34, 127.9, 128, 200, 1024})
    void sample_smallSigma_fitsTheExactProbabilities(double sigma) {
        DiscreteGaussianTable noise = table(sigma);
        Histogram histogram = Histogram.perValue(ExactDistribution.gaussian(noise.sigma() * noise.sigma()), DRAWS)
                .fill(noise, DRAWS, TestWords.of("table " + sigma));
        assertThat(histogram.gTest()).isGreaterThan(SIGNIFICANCE);
        assertThat(histogram.chiSquare()).isGreaterThan(SIGNIFICANCE);
    }

    @ParameterizedTest
    @CsvSource({"1,4", "7,5", "100000,3", "4611686018427387903,1152921504606846976"})
    void sample_rationalVariance_fitsTheExactProbabilities(long numerator, long denominator) {
        Histogram histogram = Histogram.perValue(ExactDistribution.gaussian((double) numerator / denominator), DRAWS)
                .fill(
                        DiscreteGaussianTable.of(DiscreteGaussian.ofVariance(numerator, denominator)),
                        DRAWS,
                        TestWords.of("table variance " + numerator + "/" + denominator));
        assertThat(histogram.gTest()).isGreaterThan(SIGNIFICANCE);
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 26, 30})
    void sample_largeSigma_fitsTheExactProbabilities(int log) {
        Histogram histogram =
                Histogram.eighths(1L << log).fill(table(1L << log), DRAWS, TestWords.of("table 2^" + log));
        assertThat(histogram.gTest()).isGreaterThan(SIGNIFICANCE);
        assertThat(histogram.chiSquare()).isGreaterThan(SIGNIFICANCE);
    }

    @ParameterizedTest
    @ValueSource(doubles = {2, 300, 65536})
    void sample_besideTheExactSampler_cannotBeToldApart(double sigma) {
        int draws = 200_000;
        Histogram fast = histogram(sigma, draws).fill(table(sigma), draws, TestWords.of("fast " + sigma));
        Histogram exact =
                histogram(sigma, draws).fill(DiscreteGaussian.ofSigma(sigma), draws, TestWords.of("exact " + sigma));
        assertThat(fast.gTest(exact)).isGreaterThan(SIGNIFICANCE);
        Histogram other = histogram(sigma, draws)
                .fill(DiscreteGaussian.ofSigma(sigma * 0.9), draws, TestWords.of("other " + sigma));
        assertThat(fast.gTest(other)).isLessThan(1e-9);
    }

    /** The places within a block, which cells wider than a block cannot see. */
    @ParameterizedTest
    @ValueSource(ints = {16, 26})
    void sample_largeSigma_hasUniformLowBits(int log) {
        DiscreteGaussianTable noise = table(1L << log);
        RandomWords words = TestWords.of("table low bits 2^" + log);
        long[] counts = new long[1 << 10];
        for (int i = 0; i < DRAWS; i++) {
            counts[(int) (noise.sample(words) & counts.length - 1)]++;
        }
        double[] even = new double[counts.length];
        Arrays.fill(even, 1.0 / counts.length);
        assertThat(GoodnessOfFit.gTest(counts, even)).isGreaterThan(SIGNIFICANCE);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.05, 0.3, 1, 2, 127.9, 128, 1023.5, 65536, 0x1p30})
    void statisticalDistance_anySigma_isFarBelowTheLimit(double sigma) {
        assertThat(table(sigma).statisticalDistance()).isBetween(0x1p-127, 0x1p-110);
    }

    @Test
    void deltaOf_release_isTheSamplesTimesTheDistance() {
        DiscreteGaussianTable noise = table(65536);
        assertThat(noise.deltaOf(1_000_000, 1))
                .isCloseTo(1e6 * (1 + Math.E) * noise.statisticalDistance(), within(1e-40))
                .isLessThan(1e-25);
        assertThat(noise.deltaOf(1, 1e6)).isEqualTo(1);
    }

    @Test
    void fill_sameStream_isWhatSampleDraws() {
        for (double sigma : new double[] {3, 5000}) {
            DiscreteGaussianTable noise = table(sigma);
            long[] longs = new long[100];
            int[] ints = new int[100];
            noise.fill(longs, 10, 80, TestWords.of("fill"));
            noise.fill(ints, 10, 80, TestWords.of("fill"));
            RandomWords words = TestWords.of("fill");
            for (int i = 0; i < 100; i++) {
                assertThat(longs[i]).isEqualTo(i < 10 || i >= 90 ? 0 : noise.sample(words));
                assertThat(ints[i]).isEqualTo((int) longs[i]);
            }
            assertThatThrownBy(() -> noise.fill(ints, 50, 51, words)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    /** A replay with a later build must give the noise of the first: change the mechanism's name when this changes. */
    @ParameterizedTest
    @CsvSource({
        "2, 813553cd8c92ed96f412c5c27d26ab46baf3dbd3aa4075e5bb5013d98cdc450b",
        "65536, 5ad3bab8720d4f2d23cf729ee80c03fd7671435c6fb4bdee1923fc055223e0e9"
    })
    void fill_fixedKey_isThisNoise(double sigma, String hash) {
        int[] noise = new int[10_000];
        table(sigma).fill(noise, 0, noise.length, TestWords.of("fixed"));
        assertThat(Digest.sha256(noise)).hasToString(hash);
    }

    @Test
    void of_sigmaBeyondTheTables_isRefusedWithTheRemedy() {
        DiscreteGaussian wide = DiscreteGaussian.ofSigma(0x1p31);
        assertThat(DiscreteGaussianTable.covers(wide)).isFalse();
        assertThatThrownBy(() -> DiscreteGaussianTable.of(wide))
                .hasMessageContaining("variance=" + (1L << 62))
                .hasMessageContaining("exactly");
        assertThat(DiscreteGaussianTable.covers(DiscreteGaussian.ofVariance(Long.MAX_VALUE, Long.MAX_VALUE - 1)))
                .isTrue();
        assertThat(DiscreteGaussianTable.covers(DiscreteGaussian.ofVariance(Long.MAX_VALUE, 1L << 20)))
                .isFalse();
    }

    @Test
    void mechanism_besideTheExactSampler_isAnother() {
        DiscreteGaussian exact = DiscreteGaussian.ofSigma(2);
        assertThat(DiscreteGaussianTable.of(exact).mechanism()).isNotEqualTo(exact.mechanism());
        assertThat(DiscreteGaussianTable.of(exact).parameters()).isEqualTo(exact.parameters());
    }

    private static DiscreteGaussianTable table(double sigma) {
        return DiscreteGaussianTable.of(DiscreteGaussian.ofSigma(sigma));
    }

    private static Histogram histogram(double sigma, int draws) {
        return sigma < 1000
                ? Histogram.perValue(ExactDistribution.gaussian(sigma * sigma), draws)
                : Histogram.eighths((long) sigma);
    }
}
