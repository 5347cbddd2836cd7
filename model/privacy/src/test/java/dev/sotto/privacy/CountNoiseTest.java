package dev.sotto.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CountNoiseTest {
    private static final NoiseSecret SECRET = NoiseSecret.of(
            Digest.sha256("counts".getBytes(StandardCharsets.UTF_8)).bytes());
    private static final CountContext WINDOW = new CountContext("sentiment-counts", 1_700_000_000_000L, "shop");
    private static final int COUNTS = 200_000;

    @Test
    void noised_sameCountsAndContext_isIdenticalAndLeavesTheCounts() {
        CountNoise noise = CountNoise.create(SECRET, 1, 0.5);
        long[] counts = {5, 0, 17};
        assertThat(noise.noised(counts, WINDOW)).isEqualTo(noise.noised(counts, WINDOW));
        assertThat(counts).containsExactly(5, 0, 17);
    }

    @Test
    void noised_anyPartChanged_drawsOtherNoise() {
        CountNoise noise = CountNoise.create(SECRET, 1, 0.01);
        long[] base = noise.noised(new long[64], WINDOW);
        assertThat(noise.noised(new long[64], new CountContext("other", WINDOW.window(), "shop")))
                .isNotEqualTo(base);
        assertThat(noise.noised(new long[64], new CountContext("sentiment-counts", 7, "shop")))
                .isNotEqualTo(base);
        assertThat(noise.noised(new long[64], new CountContext("sentiment-counts", WINDOW.window(), "")))
                .isNotEqualTo(base);
        assertThat(CountNoise.create(SECRET, 2, 0.02).noised(new long[64], WINDOW))
                .isEqualTo(base);
        long[] counts = new long[64];
        counts[63] = 1;
        assertThat(Arrays.copyOf(noise.noised(counts, WINDOW), 63)).isNotEqualTo(Arrays.copyOf(base, 63));
    }

    /** Fails when noise is omitted or halved. */
    @Test
    void noised_manyCounts_haveTheNoiseOfTheirEpsilon() {
        CountNoise noise = CountNoise.create(SECRET, 3, 1);
        assertThat(noise.scale()).isEqualTo(3);
        Histogram histogram = Histogram.perValue(ExactDistribution.laplace(3), COUNTS);
        histogram.add(noise.noised(new long[COUNTS], WINDOW));
        assertThat(histogram.gTest()).isGreaterThan(1e-3);
    }

    @ParameterizedTest
    @CsvSource({"1,1", "1,0.1", "7,0.3", "1,3", "5,17", "1000000,0.001"})
    void epsilon_anyRequest_isNeverExceededAndBarelyMissed(long sensitivity, double epsilon) {
        CountNoise noise = CountNoise.create(SECRET, sensitivity, epsilon);
        assertThat(noise.epsilon()).isCloseTo(epsilon, within(epsilon * 1e-6)).isLessThanOrEqualTo(epsilon);
    }

    @Test
    void create_outOfRange_saysTheValue() {
        assertThatThrownBy(() -> CountNoise.create(SECRET, 0, 1)).hasMessageContaining("got 0");
        assertThatThrownBy(() -> CountNoise.create(SECRET, 1, Double.NaN)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> CountNoise.create(SECRET, 1, 1e-30)).hasMessageContaining("1/1.0E-30");
        assertThatThrownBy(() -> new CountContext(" ", 0, "")).hasMessageContaining("release");
    }
}
