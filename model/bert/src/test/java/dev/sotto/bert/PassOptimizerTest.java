package dev.sotto.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.federation.LearningRateDecay;
import dev.sotto.federation.LocalOptimizer;
import dev.sotto.federation.TrainingSettings;
import org.junit.jupiter.api.Test;

/** Steps that were computed by hand with AdamW's formulas, beta 0.9 and 0.999. */
class PassOptimizerTest {
    private static PassOptimizer optimizer(float[] start, int head, double mu, double clip, double weightDecay) {
        TrainingSettings settings = new TrainingSettings(
                100, 10, 0.1, 0.2, 0, false, mu, clip, LearningRateDecay.NONE, weightDecay, 0, LocalOptimizer.ADAMW);
        return new PassOptimizer(settings, start, head, 100);
    }

    @Test
    void step_withAProximalTerm_isPulledToTheStartThroughTheGradient() {
        float[] parameters = {1};
        PassOptimizer optimizer = optimizer(parameters, 1, 2, 0, 0);
        // At the start there is nothing to pull at: the gradient's sign times the rate.
        optimizer.step(parameters, new float[] {99, 10}, 1, 0.1, 10);
        assertThat(parameters[0]).isCloseTo(0.9f, within(1e-6f));
        // No gradient of the loss: 2 * (0.9 - 1) = -0.2. First moment 0.9 * 0.1 - 0.1 * 0.2 = 0.07 over 0.19, second
        // 0.999 * 0.001 + 0.001 * 0.04 = 0.001039 over 0.001999: a step of 0.368421 / 0.720943.
        optimizer.step(parameters, new float[] {99, 0}, 1, 0.1, 20);
        assertThat(parameters[0]).isCloseTo(0.848898f, within(2e-6f));
        // Without the pull: 0.09 / 0.19 over the root of 0.000999 / 0.001999.
        float[] free = {1};
        PassOptimizer unpulled = optimizer(free, 1, 0, 0, 0);
        unpulled.step(free, new float[] {1}, 0, 1, 10);
        unpulled.step(free, new float[] {0}, 0, 1, 20);
        assertThat(free[0]).isCloseTo(0.832994f, within(2e-6f));
    }

    @Test
    void step_withAGradientThatIsTooLong_movesAsWithOneOfTheNormAllowed() {
        float[] parameters = {1, 1};
        PassOptimizer optimizer = optimizer(parameters, 1, 0, 1, 0);
        // The mean is (3, 4), of norm 5 over adapter and head together: (0.6, 0.8). The next is within the bound.
        optimizer.step(parameters, new float[] {30, 40}, 0, 0.1, 10);
        assertThat(parameters).containsExactly(new float[] {0.9f, 0.8f}, within(1e-6f));
        // First moment 0.9 * 0.06 + 0.1 * 0.3 = 0.084 over 0.19, second 0.999 * 0.00036 + 0.001 * 0.09 = 0.00044964
        // over 0.001999: a step of 0.442105 / 0.474271; of the other entry the same, as it is 4/3 times as large.
        optimizer.step(parameters, new float[] {3, 4}, 0, 0.1, 20);
        assertThat(parameters).containsExactly(new float[] {0.806782f, 0.613564f}, within(2e-6f));
        // Uncut, the first gradient weighs more: 0.30 / 0.19 over the root of 0.009081 / 0.001999.
        float[] free = {1, 1};
        PassOptimizer uncut = optimizer(free, 1, 0, 0, 0);
        uncut.step(free, new float[] {30, 40}, 0, 0.1, 10);
        uncut.step(free, new float[] {3, 4}, 0, 0.1, 20);
        assertThat(free).containsExactly(new float[] {0.825919f, 0.651838f}, within(2e-6f));
    }

    @Test
    void step_withBoth_cutsTheLossesGradientAndNotThePull() {
        float[] both = {1};
        PassOptimizer optimizer = optimizer(both, 1, 2, 0.1, 0);
        optimizer.step(both, new float[] {500}, 0, 1, 10);
        // 0.1 from the loss and -0.2 from the pull make -0.1: first moment 0.9 * 0.01 - 0.1 * 0.1 = -0.001, so it turns
        // back.
        optimizer.step(both, new float[] {500}, 0, 1, 20);
        assertThat(both[0]).isCloseTo(0.9f + 0.1f * (0.001f / 0.19f) / 0.1f, within(2e-6f));
    }

    @Test
    void step_withWeightDecay_shrinksByItsShareOfTheRate() {
        float[] parameters = {1, -1};
        PassOptimizer optimizer = optimizer(parameters, 1, 0, 0, 0.5);
        assertThat(optimizer.step(parameters, new float[] {0, 0}, 0, 1, 10)).isEqualTo(0.1);
        assertThat(parameters).containsExactly(new float[] {0.95f, -0.9f}, within(1e-6f));
    }
}
