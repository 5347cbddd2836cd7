package dev.sotto.privacy.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConnectTheDotsTest {
    private static final double STEP = 0.25;

    private static double delta(PrivacyLoss loss, double epsilon) {
        double[] masses = loss.tilted(0);
        double finite = Math.exp(loss.logMoment(0));
        double delta = loss.infinite();
        for (int i = 0; i < masses.length; i++) {
            delta += finite * masses[i] * Math.max(0, -Math.expm1(epsilon - (loss.lowest() + i) * STEP));
        }
        return delta;
    }

    @ParameterizedTest
    @EnumSource
    void discretised_coarseGrid_meetsTheCurveAtItsPointsAndNeverUndercutsIt(Direction direction) {
        SampledGaussianTruth truth = new SampledGaussianTruth(0.4, 1);
        PrivacyLoss loss = new SampledGaussianLoss(0.4, 1, direction).discretised(STEP);
        for (int i = -20; i <= 20; i++) {
            double point = i * STEP / 4;
            double exact = truth.delta(point, direction);
            double ours = delta(loss, point);
            assertThat(ours).isGreaterThanOrEqualTo(exact - 1e-14);
            if (i % 4 == 0) {
                assertThat(ours).isCloseTo(exact, within(1e-12));
            }
        }
    }

    @Test
    void atom_betweenPoints_keepsBothMasses() {
        ConnectTheDots dots = new ConnectTheDots(STEP, -1, 1);
        dots.atom(0.6, 0.3);
        dots.atom(-1, 0.7);
        PrivacyLoss loss = dots.loss();
        assertThat(loss.logMoment(0)).isCloseTo(0, within(1e-15));
        // Tilted by -1, masses under P become masses under Q.
        assertThat(Math.exp(loss.logMoment(-1))).isCloseTo(0.3 * Math.exp(-0.6) + 0.7 * Math.E, within(1e-14));
    }

    @Test
    void outsideTheGrid_massMovesToTheSafeSide() {
        ConnectTheDots dots = new ConnectTheDots(STEP, -1, 1);
        dots.atom(5, 0.25);
        dots.atom(-5, 0.5);
        dots.belowGrid(0.125);
        dots.aboveGrid(0.125);
        PrivacyLoss loss = dots.loss();
        assertThat(loss.infinite()).isEqualTo(0.375);
        assertThat(loss.lowest()).isEqualTo(-4);
        assertThat(loss.tilted(0)[0]).isCloseTo(1, within(1e-15));
        assertThat(Math.exp(loss.logMoment(0))).isCloseTo(0.625, within(1e-15));
    }

    @Test
    void discretised_anyMechanism_keepsAllMass() {
        List<Mechanism> mechanisms = List.of(
                new GaussianMechanism(0.3),
                new SubsampledGaussianMechanism(0.01, 1.1),
                new LaplaceMechanism(0.7),
                new LaplaceMechanism(1e-3),
                new DiscreteGaussianMechanism(2.5, 3),
                new DiscreteLaplaceMechanism(2.5, 3),
                new DiscreteLaplaceMechanism(1e-3, 3));
        for (Mechanism mechanism : mechanisms) {
            for (Direction direction : Direction.values()) {
                PrivacyLoss loss = LossDistribution.of(mechanism, direction).discretised(1e-3);
                assertThat(Math.exp(loss.logMoment(0)) + loss.infinite()).isCloseTo(1, within(1e-13));
            }
        }
    }
}
