package dev.sotto.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class BinomialTailTest {
    @ParameterizedTest
    @CsvFileSource(resources = "/binomial-tail.csv")
    void atLeast_knownAnswers_agreeToTwelveDigits(long k, long n, double p, double tail) {
        assertThat(BinomialTail.atLeast(k, n, p)).isCloseTo(tail, Percentage.withPercentage(1e-10));
    }

    @Test
    void atLeast_edges_areExact() {
        assertThat(BinomialTail.atLeast(0, 10, 0.3)).isEqualTo(1);
        assertThat(BinomialTail.atLeast(0, 0, 0.3)).isEqualTo(1);
        assertThat(BinomialTail.atLeast(11, 10, 0.3)).isZero();
        assertThat(BinomialTail.atLeast(1, 10, 0)).isZero();
        assertThat(BinomialTail.atLeast(10, 10, 1)).isEqualTo(1);
    }

    @Test
    void atLeast_millionTrials_isHalfAboutTheMedian() {
        assertThat(BinomialTail.atLeast(500_001, 1_000_001, 0.5)).isCloseTo(0.5, within(1e-9));
    }

    @Test
    void atLeast_probabilityOutsideItsRange_namesIt() {
        assertThatThrownBy(() -> BinomialTail.atLeast(1, 2, 1.5)).hasMessageContaining("p is 1.5");
        assertThatThrownBy(() -> BinomialTail.atLeast(1, 2, Double.NaN)).hasMessageContaining("p is NaN");
    }

    @Property(tries = 300)
    void atLeast_differenceOfNeighbours_obeysTheRatioOfMasses(
            @ForAll @IntRange(min = 2, max = 300) int n,
            @ForAll @IntRange(min = 0, max = 298) int at,
            @ForAll @DoubleRange(min = 0.02, max = 0.98) double p) {
        int k = at % (n - 1);
        double mass = BinomialTail.atLeast(k, n, p) - BinomialTail.atLeast(k + 1, n, p);
        double next = BinomialTail.atLeast(k + 1, n, p) - BinomialTail.atLeast(k + 2, n, p);
        double ratio = (double) (n - k) / (k + 1) * p / (1 - p);
        assertThat(next).isCloseTo(mass * ratio, within(1e-11 * Math.max(1, ratio)));
    }

    @Property(tries = 300)
    void atLeast_bothSides_sumToOne(
            @ForAll @IntRange(min = 1, max = 400) int n,
            @ForAll @IntRange(min = 0, max = 400) int at,
            @ForAll @DoubleRange(min = 0.01, max = 0.99) double p) {
        int k = at % (n + 1);
        double above = BinomialTail.atLeast(k, n, p);
        double below = BinomialTail.atLeast(n - k + 1, n, 1 - p);
        assertThat(above + below).isCloseTo(1, within(1e-10));
    }
}
