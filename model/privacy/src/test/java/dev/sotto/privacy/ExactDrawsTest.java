package dev.sotto.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigInteger;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExactDrawsTest {
    private static final int DRAWS = 100_000;

    @ParameterizedTest
    @CsvSource({"0,1", "1,3", "1,1", "7,5", "5,2"})
    void bernoulliExp_eitherArithmetic_hasItsProbability(long a, long b) {
        RandomWords words = TestWords.of("bernoulli " + a + "/" + b);
        double p = Math.exp(-(double) a / b);
        int small = 0;
        int big = 0;
        for (int i = 0; i < DRAWS; i++) {
            small += ExactDraws.bernoulliExp(a, b, words) ? 1 : 0;
            big += ExactDraws.bernoulliExp(BigInteger.valueOf(a), BigInteger.valueOf(b), words) ? 1 : 0;
        }
        double tolerance = 4 * Math.sqrt(p * (1 - p) / DRAWS);
        assertThat((double) small / DRAWS).isCloseTo(p, within(tolerance));
        assertThat((double) big / DRAWS).isCloseTo(p, within(tolerance));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 10, 17})
    void below_eitherArithmetic_isUniform(int bound) {
        RandomWords words = TestWords.of("below " + bound);
        long[] small = new long[bound];
        long[] big = new long[bound];
        for (int i = 0; i < DRAWS; i++) {
            small[(int) ExactDraws.below(bound, words)]++;
            big[ExactDraws.below(BigInteger.valueOf(bound), words).intValueExact()]++;
        }
        double[] even = new double[bound];
        Arrays.fill(even, 1.0 / bound);
        assertThat(GoodnessOfFit.gTest(small, even)).isGreaterThan(1e-3);
        assertThat(GoodnessOfFit.gTest(big, even)).isGreaterThan(1e-3);
    }

    @Test
    void below_boundOverThreeQuartersOfTheWord_staysBelow() {
        RandomWords words = TestWords.of("wide");
        long bound = 3L << 61;
        double sum = 0;
        for (int i = 0; i < DRAWS; i++) {
            long draw = ExactDraws.below(bound, words);
            assertThat(draw).isBetween(0L, bound - 1);
            sum += (double) draw / bound;
        }
        assertThat(sum / DRAWS).isCloseTo(0.5, within(4 / Math.sqrt(12.0 * DRAWS)));
    }
}
