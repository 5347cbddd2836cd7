package dev.sotto.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.privacy.Sensitivity;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ConditionalRoundingTest {
    private final SecureRandom random = new SecureRandom();

    /** Coarse scales too, at which rounding alone makes a vector several times as long. */
    @Property(tries = 300)
    void round_anyVectorWithinTheClip_keepsDelta2(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 3000) int dimension,
            @ForAll @DoubleRange(min = 0.1, max = 1e5) double clip) {
        double delta2 = Sensitivity.delta2(clip, dimension);
        int[] points = new ConditionalRounding(delta2).round(vector(seed, dimension, clip), random);
        assertThat(norm(points)).isLessThanOrEqualTo(delta2 * (1 + 1e-12));
    }

    @Property(tries = 50)
    void round_boundThatNoTryMeets_isCutTowardZero(
            @ForAll long seed, @ForAll @IntRange(min = 50, max = 500) int dimension) {
        double[] exact = vector(seed, dimension, 10);
        int[] points = new ConditionalRounding(10).round(exact, random);
        assertThat(norm(points)).isLessThanOrEqualTo(10);
        for (int i = 0; i < dimension; i++) {
            assertThat((double) Math.abs(points[i])).isLessThan(Math.abs(exact[i]) + 1);
        }
    }

    @Test
    void round_entryBetweenTwoPoints_keepsTheMean() {
        double[] exact = new double[40_000];
        Arrays.fill(exact, -2.3);
        int[] points = new ConditionalRounding(Sensitivity.delta2(2.3 * 200, exact.length)).round(exact, random);
        assertThat(points).containsOnly(-3, -2);
        // Five standard errors of a Bernoulli(0.3) mean; that the norm is bounded moves it by much less.
        assertThat(Arrays.stream(points).average().orElseThrow())
                .isEqualTo(-2.3, within(5 * Math.sqrt(0.21 / exact.length)));
    }

    private static double[] vector(long seed, int dimension, double norm) {
        double[] vector = new SplittableRandom(seed).doubles(dimension, -1, 1).toArray();
        double length = Math.sqrt(Arrays.stream(vector).map(x -> x * x).sum());
        return Arrays.stream(vector).map(x -> x * norm / length).toArray();
    }

    private static double norm(int[] points) {
        return Math.sqrt(Arrays.stream(points).mapToDouble(x -> (double) x * x).sum());
    }
}
