package dev.sotto.privacy.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SampledMomentTest {
    /** What the rounding of a moment near 1 may add to its logarithm. */
    private static final double MOMENT_ROUNDING = 1e-14;

    @Property(tries = 200)
    void rdp_anyOrder_isAtLeastTheTruthAndClose(
            @ForAll @DoubleRange(min = -4, max = -0.05) double logRate,
            @ForAll @DoubleRange(min = 0.4, max = 6) double z,
            @ForAll @DoubleRange(min = 1.1, max = 20) double order) {
        assertMeetsTruth(Math.pow(10, logRate), z, order);
    }

    @ParameterizedTest
    @CsvSource({
        "0.6, 0.4, 15.8",
        "0.9, 0.4, 19.5",
        "0.001, 0.4, 19.5",
        "0.01, 2.5, 1.1",
        "0.01, 2.5, 5",
        "0.01, 1.1, 1.1",
        "0.5, 1, 1.3",
        "0.3, 0.5, 1.5",
        "0.9, 3, 3.3",
        "0.999, 1, 1.1",
        "0.01, 20, 1.5",
        "0.04, 1.5, 63",
        "0.01, 1.1, 128",
        "0.0001, 1, 1.5"
    })
    void rdp_cornersOfTheSeries_meetTheTruth(double q, double z, double order) {
        assertMeetsTruth(q, z, order);
    }

    @ParameterizedTest
    @CsvSource({"1e-6, 1, 2.5", "1e-6, 1, 1.5", "1e-7, 0.6, 3.7"})
    void rdp_tinySamplingRate_losesDigitsToTheSafeSideOnly(double q, double z, double order) {
        assertMeetsTruth(q, z, order);
    }

    private static void assertMeetsTruth(double q, double z, double order) {
        double truth = new SampledGaussianTruth(q, z).renyi(order);
        // The quadrature, too, is a moment near one of which the one is taken off.
        double rounding = MOMENT_ROUNDING / (order - 1);
        assertThat(new SubsampledGaussianMechanism(q, z).rdp(order))
                .isBetween(truth * (1 - 1e-10) - rounding, truth * (1 + 1e-6) + rounding);
    }

    @Test
    void rdp_everyoneTakesPart_isTheGaussian() {
        for (double order : new double[] {1.1, 2, 64}) {
            assertThat(new SubsampledGaussianMechanism(1, 1.3).rdp(order))
                    .isEqualTo(new GaussianMechanism(1.3).rdp(order));
        }
    }

    @Test
    void rdp_largeOrderAndLittleNoise_staysFinite() {
        assertThat(new SubsampledGaussianMechanism(0.5, 0.01).rdp(1024)).isBetween(0.999 * 1024 / 2e-4, 1024 / 2e-4);
        assertThat(new SubsampledGaussianMechanism(1e-9, 0.05).rdp(10.5))
                .isPositive()
                .isFinite();
    }

    @Property(tries = 60)
    void rdp_moreNoiseSmallerRateOrLowerOrder_isNeverLarger(
            @ForAll @DoubleRange(min = -3, max = -0.1) double logRate,
            @ForAll @DoubleRange(min = 0.4, max = 6) double z,
            @ForAll @DoubleRange(min = 1.2, max = 40) double order) {
        double q = Math.pow(10, logRate);
        double rdp = new SubsampledGaussianMechanism(q, z).rdp(order) * (1 + 1e-6);
        assertThat(new SubsampledGaussianMechanism(q, z * 1.1).rdp(order)).isLessThanOrEqualTo(rdp);
        assertThat(new SubsampledGaussianMechanism(q * 0.9, z).rdp(order)).isLessThanOrEqualTo(rdp);
        assertThat(new SubsampledGaussianMechanism(q, z).rdp(1 + (order - 1) * 0.9))
                .isLessThanOrEqualTo(rdp);
    }
}
