package dev.sotto.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CentralDiscreteGaussianTest {
    private static final NoiseSecret SECRET = NoiseSecret.of(
            Digest.sha256("central".getBytes(StandardCharsets.UTF_8)).bytes());
    private static final List<String> SITES = List.of("bank-a", "bank-b", "clinic");
    private static final int ENTRIES = 40_000;

    @Test
    void addTo_sameContextAndSum_isIdentical() {
        assertThat(noised(5, ramp(), context(1, 0))).isEqualTo(noised(5, ramp(), context(1, 0)));
    }

    @Test
    void addTo_otherSum_drawsOtherNoise() {
        int[] other = ramp();
        other[17]++;
        assertThat(correlation(noiseOf(50, ramp(), context(1, 0)), noiseOf(50, other, context(1, 0))))
                .isCloseTo(0, within(4 / Math.sqrt(ENTRIES)));
    }

    @Test
    void addTo_otherChunkOrRound_drawsIndependentNoise() {
        double[] base = noiseOf(50, ramp(), context(1, 0));
        assertThat(correlation(base, noiseOf(50, ramp(), context(1, 1)))).isCloseTo(0, within(4 / Math.sqrt(ENTRIES)));
        assertThat(correlation(base, noiseOf(50, ramp(), context(2, 0)))).isCloseTo(0, within(4 / Math.sqrt(ENTRIES)));
    }

    @Test
    void addTo_neighbouringEntries_areIndependent() {
        double[] noise = noiseOf(50, new int[ENTRIES], context(4, 0));
        assertThat(correlation(Arrays.copyOf(noise, ENTRIES - 1), Arrays.copyOfRange(noise, 1, ENTRIES)))
                .isCloseTo(0, within(4 / Math.sqrt(ENTRIES)));
    }

    /** Fails when noise is omitted, halved, doubled or left out of part of the slice. */
    @ParameterizedTest
    @ValueSource(doubles = {1, 10, 65536, 0x1p26})
    void addTo_anySlice_addsTheWholeVarianceEverywhere(double sigma) {
        double[] noise = noiseOf(sigma, ramp(), context(1, 0));
        int part = ENTRIES / 8;
        for (int from = 0; from < ENTRIES; from += part) {
            double[] slice = Arrays.copyOfRange(noise, from, from + part);
            assertThat(secondMoment(slice) / (sigma * sigma)).isCloseTo(1, within(4 * Math.sqrt(2.0 / part)));
            assertThat(Arrays.stream(slice).average().orElseThrow() / sigma).isCloseTo(0, within(4 / Math.sqrt(part)));
        }
        assertThat(Arrays.stream(noise).filter(y -> y != 0).count()).isGreaterThan(ENTRIES / 2);
    }

    /**
     * Runs the mechanism on a sum with and without one site's unit and holds the measured privacy loss against the exact one. With the noise
     * omitted or halved the measured delta is several times the exact.
     */
    @Test
    void addTo_neighbouringSums_areAsCloseAsTheMechanismPromises() {
        double epsilon = 0.4;
        double exact = ExactDistribution.gaussian(4).delta(epsilon, 1);
        double withUnit = hockeyStick(2, epsilon, 1);
        double withoutUnit = hockeyStick(2, epsilon, -1);
        assertThat(withUnit).isCloseTo(exact, within(0.005));
        assertThat(withoutUnit).isCloseTo(exact, within(0.005));
        assertThat(hockeyStick(1, epsilon, 1)).isGreaterThan(exact + 0.1);
        // What the accountant charges for this release covers what was measured.
        assertThat(ZCdp.ofDiscreteGaussian(1, 2).epsilon(exact)).isGreaterThanOrEqualTo(epsilon);
    }

    /** The sum over outputs of max(0, P - e^epsilon Q), from the outputs on a sum with (P) and without (Q) a unit, 400,000 each. */
    private static double hockeyStick(double sigma, double epsilon, int unit) {
        int reach = 40;
        double[] with = new double[2 * reach + 1];
        double[] without = new double[2 * reach + 1];
        int rounds = 10;
        for (int round = 1; round <= rounds; round++) {
            int[] sum = new int[ENTRIES];
            Arrays.fill(sum, unit);
            for (int y : noised(sigma, sum, context(round, 0))) {
                with[y + reach] += 1.0 / (rounds * ENTRIES);
            }
            for (int y : noised(sigma, new int[ENTRIES], context(round, 0))) {
                without[y + reach] += 1.0 / (rounds * ENTRIES);
            }
        }
        double delta = 0;
        for (int i = 0; i < with.length; i++) {
            delta += Math.max(0, with[i] - Math.exp(epsilon) * without[i]);
        }
        return delta;
    }

    @Test
    void create_sigmaOffTheGrid_isRoundedUp() {
        assertThat(CentralDiscreteGaussian.create(SECRET, 1234.5).sigma()).isEqualTo(1235);
        assertThat(CentralDiscreteGaussian.create(SECRET, 1234.5))
                .hasToString("CentralDiscreteGaussian[DiscreteGaussianTable[variance=1525225/1]]");
    }

    private static NoiseContext context(int round, int chunk) {
        return new NoiseContext("sentiment", round, SITES, chunk);
    }

    private static int[] ramp() {
        int[] sum = new int[ENTRIES];
        Arrays.setAll(sum, i -> i - ENTRIES / 2);
        return sum;
    }

    private static int[] noised(double sigma, int[] sum, NoiseContext context) {
        int[] copy = sum.clone();
        CentralDiscreteGaussian.create(SECRET, sigma).addTo(copy, context);
        return copy;
    }

    private static double[] noiseOf(double sigma, int[] sum, NoiseContext context) {
        int[] noised = noised(sigma, sum, context);
        double[] noise = new double[sum.length];
        Arrays.setAll(noise, i -> noised[i] - sum[i]);
        return noise;
    }

    private static double secondMoment(double[] values) {
        return Arrays.stream(values).map(y -> y * y).average().orElseThrow();
    }

    private static double correlation(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum / a.length / Math.sqrt(secondMoment(a) * secondMoment(b));
    }
}
