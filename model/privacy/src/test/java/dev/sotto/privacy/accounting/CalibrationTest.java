package dev.sotto.privacy.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CalibrationTest {
    private static final RdpAccountant RDP = RdpAccountant.create();

    @Property(tries = 8)
    void leastNoise_anyTarget_isWithinAndALittleLessIsNot(
            @ForAll @DoubleRange(min = 0.2, max = 12) double epsilon,
            @ForAll @DoubleRange(min = -9, max = -3) double logDelta,
            @ForAll @IntRange(min = 1, max = 2000) int steps) {
        PrivacyTarget target = new PrivacyTarget(epsilon, Math.pow(10, logDelta));
        double z = new Calibration(RDP, target).leastNoise(noise -> sampled(noise, steps));
        assertThat(target.covers(RDP, sampled(z, steps))).isTrue();
        assertThat(target.covers(RDP, sampled(z * (1 - 1e-6), steps))).isFalse();
    }

    @Property(tries = 20)
    void mostSteps_anyTarget_isWithinAndOneMoreIsNot(
            @ForAll @DoubleRange(min = 0.3, max = 12) double epsilon,
            @ForAll @DoubleRange(min = 3, max = 60) double z) {
        PrivacyTarget target = new PrivacyTarget(epsilon, 1e-5);
        ZcdpAccountant zcdp = ZcdpAccountant.create();
        int steps = 0;
        if (target.covers(zcdp, Schedule.of(new GaussianMechanism(z), 1))) {
            steps = new Calibration(zcdp, target).mostSteps(n -> Schedule.of(new GaussianMechanism(z), n));
            assertThat(target.covers(zcdp, Schedule.of(new GaussianMechanism(z), steps)))
                    .isTrue();
        }
        assertThat(target.covers(zcdp, Schedule.of(new GaussianMechanism(z), steps + 1)))
                .isFalse();
    }

    @Test
    void roundTrip_noiseForStepsThenStepsForNoise_givesTheSteps() {
        Calibration calibration = new Calibration(RDP, new PrivacyTarget(3, 1e-6));
        double z = calibration.leastNoise(noise -> sampled(noise, 700));
        assertThat(calibration.mostSteps(steps -> sampled(z, steps))).isEqualTo(700);
    }

    @Test
    void leastNoise_pld_isWithinAndBetweenExactAndRdp() {
        PrivacyTarget target = new PrivacyTarget(2, 1e-5);
        PldAccountant pld = PldAccountant.create();
        double tight = new Calibration(pld, target).leastNoise(CalibrationTest::gaussians);
        assertThat(target.covers(pld, gaussians(tight))).isTrue();
        assertThat(target.covers(pld, gaussians(tight * (1 - 1e-6)))).isFalse();
        double exact =
                new Calibration(AnalyticGaussianAccountant.create(), target).leastNoise(CalibrationTest::gaussians);
        double renyi = new Calibration(RDP, target).leastNoise(CalibrationTest::gaussians);
        assertThat(tight).isBetween(exact * (1 - 1e-7), renyi);
    }

    private static Schedule gaussians(double z) {
        return Schedule.of(new GaussianMechanism(z), 10);
    }

    @Test
    void leastNoise_analyticGaussian_spendsTheWholeTarget() {
        AnalyticGaussianAccountant exact = AnalyticGaussianAccountant.create();
        double z = new Calibration(exact, new PrivacyTarget(0.01, 1e-9))
                .leastNoise(noise -> Schedule.of(new GaussianMechanism(noise), 1));
        assertThat(exact.epsilon(Schedule.of(new GaussianMechanism(z), 1), 1e-9))
                .isBetween(0.01 * (1 - 1e-5), 0.01);
    }

    @Test
    void mostSteps_targetThatIsNeverSpent_isAllThatCanBeCounted() {
        Calibration calibration = new Calibration(ZcdpAccountant.create(), new PrivacyTarget(1, 1e-5));
        assertThat(calibration.mostSteps(steps -> Schedule.of(new ConcentratedMechanism(1e-15), steps)))
                .isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void leastNoise_targetMetWithHardlyAny_isTheLeastTried() {
        Calibration calibration = new Calibration(ZcdpAccountant.create(), new PrivacyTarget(8, 1e-5));
        assertThat(calibration.leastNoise(noise -> Schedule.of(new ConcentratedMechanism(1e-6), 1)))
                .isEqualTo(0x1p-20);
    }

    @Test
    void search_targetOutOfReach_saysValueAndRemedy() {
        Calibration calibration = new Calibration(RDP, new PrivacyTarget(0.1, 1e-6));
        assertThatThrownBy(() -> calibration.mostSteps(steps -> sampled(0.5, steps)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 step already costs epsilon ")
                .hasMessageContaining("raise the noise or the target");
        assertThatThrownBy(() -> calibration.leastNoise(noise -> sampled(0.5, 10)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no noise up to")
                .hasMessageContaining("raise epsilon or delta");
    }

    @Test
    void target_badValues_sayValueAndBound() {
        assertThatThrownBy(() -> new PrivacyTarget(0, 1e-5)).hasMessageContaining("target epsilon must be positive");
        assertThatThrownBy(() -> new PrivacyTarget(1, 1)).hasMessageContaining("got 1.0");
    }

    private static Schedule sampled(double noise, int steps) {
        return Schedule.of(new SubsampledGaussianMechanism(0.02, noise), steps);
    }
}
