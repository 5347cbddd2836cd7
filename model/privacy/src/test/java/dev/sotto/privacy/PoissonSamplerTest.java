package dev.sotto.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PoissonSamplerTest {
    private static final int UNITS = 2_000;
    private static final int SAMPLES = 500;
    private static final double RATE = 0.03;

    @Test
    void draw_manyTimes_givesEveryUnitItsOwnChanceAndSamplesTheirVariance() {
        PoissonSampler sampler = new PoissonSampler(RATE);
        int[] times = new int[UNITS];
        double sum = 0;
        double square = 0;
        try (NoiseKey key = NoiseKey.fresh(new SecureRandom())) {
            RandomWords words = key.words();
            for (int i = 0; i < SAMPLES; i++) {
                int[] sample = sampler.draw(UNITS, words);
                assertThat(sample).isSorted().doesNotHaveDuplicates();
                sum += sample.length;
                square += (double) sample.length * sample.length;
                for (int unit : sample) {
                    times[unit]++;
                }
            }
        }
        double expected = UNITS * RATE;
        double variance = expected * (1 - RATE);
        double mean = sum / SAMPLES;
        // Six standard deviations of each estimate.
        assertThat(mean).isBetween(expected - 6 * deviation(variance), expected + 6 * deviation(variance));
        assertThat(square / SAMPLES - mean * mean).isBetween(variance * 0.6, variance * 1.4);
        double perUnit = SAMPLES * RATE;
        double chiSquare = IntStream.of(times)
                .mapToDouble(count -> (count - perUnit) * (count - perUnit) / (perUnit * (1 - RATE)))
                .sum();
        assertThat(chiSquare).isBetween(UNITS - 6 * Math.sqrt(2.2 * UNITS), UNITS + 6 * Math.sqrt(2.2 * UNITS));
    }

    private static double deviation(double variance) {
        return Math.sqrt(variance / SAMPLES);
    }

    @Test
    void draw_atRateOne_takesAll() {
        try (NoiseKey key = NoiseKey.fresh(new SecureRandom())) {
            assertThat(new PoissonSampler(1).draw(5, key.words())).containsExactly(0, 1, 2, 3, 4);
            assertThat(new PoissonSampler(0.5).draw(0, key.words())).isEmpty();
        }
    }

    @Test
    void new_rateOutOfRange_isRefused() {
        assertThatThrownBy(() -> new PoissonSampler(0)).hasMessageContaining("(0, 1], got 0.0");
        assertThatThrownBy(() -> new PoissonSampler(Double.NaN)).hasMessageContaining("got NaN");
    }
}
