package dev.sotto.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SensitivityTest {
    @Test
    void delta2_workedExample_isTheFormula() {
        // 100^2 + 16/4 + (100 + 4/2) = 10106
        assertThat(Sensitivity.delta2(100, 16)).isCloseTo(Math.sqrt(10106), within(1e-9));
    }

    @Property(tries = 200)
    void delta2_anyVector_liesBetweenTheClipAndTheCertainBound(
            @ForAll @DoubleRange(min = -3, max = 9) double logClip, @ForAll @IntRange(min = 1, max = 1 << 28) int d) {
        double clip = Math.pow(10, logClip);
        assertThat(Sensitivity.delta2(clip, d)).isGreaterThan(clip).isLessThanOrEqualTo(clip + Math.sqrt(d));
    }

    @ParameterizedTest
    @CsvSource({"5,64", "100,256", "40,1000"})
    void delta2_stochasticRounding_isMetAsOftenAsBetaSays(double clip, int d) {
        SplittableRandom random = new SplittableRandom(11);
        double bound = Sensitivity.delta2(clip, d);
        int tries = 2000;
        int met = 0;
        for (int t = 0; t < tries; t++) {
            met += Math.sqrt(roundedSquares(clip, d, random)) <= bound ? 1 : 0;
        }
        assertThat((double) met / tries).isGreaterThan(1 - Sensitivity.BETA);
    }

    private static double roundedSquares(double norm, int d, SplittableRandom random) {
        double[] x = new double[d];
        double squares = 0;
        for (int i = 0; i < d; i++) {
            x[i] = random.nextDouble() - 0.5;
            squares += x[i] * x[i];
        }
        double sum = 0;
        for (int i = 0; i < d; i++) {
            double scaled = x[i] * norm / Math.sqrt(squares);
            double low = Math.floor(scaled);
            double rounded = random.nextDouble() < scaled - low ? low + 1 : low;
            sum += rounded * rounded;
        }
        return sum;
    }

    @Test
    void delta2_badArguments_sayTheValue() {
        assertThatThrownBy(() -> Sensitivity.delta2(-3, 4)).hasMessageContaining("got -3.0");
        assertThatThrownBy(() -> Sensitivity.delta2(1, 0)).hasMessageContaining("got 0");
    }

    @ParameterizedTest
    @CsvSource({"10, 4, 20", "10, 10000, 100", "0.5, 9, 0.5", "3, 9, 9"})
    void delta1_anyNorm_isTheLeastOfItsBounds(double delta2, int dimension, double delta1) {
        assertThat(Sensitivity.delta1(delta2, dimension)).isEqualTo(delta1);
    }
}
