package dev.sotto.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ServerOptimizerTest {
    private static final float[] MODEL = {1, 2};
    private static final float[] MEAN = {4, -4};

    @Test
    void fedAvg_step_addsTheScaledMean() {
        ServerStep step = optimizer(OptimizerKind.FED_AVG).step(MODEL, MEAN, Moments.none(), 0.5);
        assertThat(step.model()).containsExactly(3, 0);
        assertThat(step.moments().first()).isEmpty();
    }

    @Test
    void fedAdam_twoSteps_followAlgorithmTwo() {
        // By hand, beta1 .9, beta2 .99, tau .001: m1 = .4, v1 = .99e-6 + .16, x1 = 1 + .1 * .4 / (sqrt(v1) + .001).
        ServerOptimizer adam = optimizer(OptimizerKind.FED_ADAM);
        ServerStep first = adam.step(MODEL, MEAN, Moments.none(), 0.1);
        double v1 = 0.99e-6 + 0.16;
        double x1 = 1 + 0.1 * 0.4 / (Math.sqrt(v1) + 0.001);
        assertThat((double) first.model()[0]).isEqualTo(x1, within(1e-6));
        ServerStep second = adam.step(first.model(), new float[] {1, 0}, first.moments(), 0.1);
        double m2 = 0.9 * 0.4 + 0.1;
        double v2 = 0.99 * v1 + 0.01;
        assertThat((double) second.model()[0]).isEqualTo(x1 + 0.1 * m2 / (Math.sqrt(v2) + 0.001), within(1e-6));
        assertThat((double) second.moments().second()[0]).isEqualTo(v2, within(1e-7));
    }

    @Test
    void fedYogi_secondMoment_movesByTheSquareWhateverItsSize() {
        ServerOptimizer yogi = optimizer(OptimizerKind.FED_YOGI);
        ServerStep first = yogi.step(MODEL, MEAN, Moments.none(), 0.1);
        double v1 = 1e-6 + 0.01 * 16;
        assertThat((double) first.moments().second()[0]).isEqualTo(v1, within(1e-7));
        ServerStep second = yogi.step(first.model(), new float[] {0.1f, 0}, first.moments(), 0.1);
        // The square is below the moment now, so it is taken off.
        assertThat((double) second.moments().second()[0]).isEqualTo(v1 - 0.01 * 0.01, within(1e-7));
        assertThat((double) second.moments().second()[1]).isEqualTo(v1, within(1e-7));
    }

    @Test
    void slice_stepAlone_isThatPartOfTheWholeStep() {
        ServerOptimizer yogi = optimizer(OptimizerKind.FED_YOGI);
        float[] whole = yogi.step(MODEL, MEAN, Moments.none(), 0.1).model();
        float[] part = yogi.step(new float[] {2}, new float[] {-4}, Moments.none(), 0.1)
                .model();
        assertThat(part[0]).isEqualTo(whole[1]);
    }

    @Test
    void step_otherLength_isRefused() {
        ServerOptimizer adam = optimizer(OptimizerKind.FED_ADAM);
        assertThatThrownBy(() -> adam.step(MODEL, new float[1], Moments.none(), 0.1))
                .hasMessageContaining("2 parameters")
                .hasMessageContaining("update of 1");
        assertThatThrownBy(() -> adam.step(MODEL, MEAN, new Moments(new float[3], new float[3]), 0.1))
                .hasMessageContaining("moments of 3");
    }

    @Test
    void rate_thatDecays_fallsOverTheRoundsAndStillMovesTheLast() {
        ServerSettings settings =
                new ServerSettings(OptimizerKind.FED_ADAM, 0.2, 0.9, 0.99, 0.001, LearningRateDecay.LINEAR);
        assertThat(settings.rate(1, 4)).isEqualTo(0.2);
        assertThat(settings.rate(4, 4)).isEqualTo(0.05, within(1e-12));
        assertThat(new ServerSettings(OptimizerKind.FED_AVG, 1, 0.9, 0.99, 0.001, LearningRateDecay.COSINE).rate(3, 4))
                .isEqualTo(0.5, within(1e-12));
        assertThat(new ServerSettings(OptimizerKind.FED_AVG, 1, 0.9, 0.99, 0.001, LearningRateDecay.NONE).rate(4, 4))
                .isEqualTo(1);
    }

    private static ServerOptimizer optimizer(OptimizerKind kind) {
        return new ServerOptimizer(new ServerSettings(kind, 0.1, 0.9, 0.99, 0.001, LearningRateDecay.NONE));
    }
}
