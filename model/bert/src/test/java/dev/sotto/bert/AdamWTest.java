package dev.sotto.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class AdamWTest {
    @Test
    void update_inItsFirstStep_movesByTheRateAndDecays() {
        float[] parameters = {1f, 1f, 1f};
        AdamW optimizer = new AdamW(3, 0.01);
        optimizer.nextStep();
        optimizer.update(parameters, new float[] {99, 0.5f, -3f, 7f}, 1, 0.5, 0, 2, 0.1);
        // The first step is the gradient's sign times the rate; the decay of 0.01 comes on top.
        assertThat(parameters).containsExactly(new float[] {0.899f, 1.099f, 1f}, within(1e-6f));
    }

    @Test
    void update_onAParabola_findsItsFoot() {
        float[] parameters = {4f};
        AdamW optimizer = new AdamW(1, 0.01);
        for (int i = 0; i < 2000; i++) {
            optimizer.nextStep();
            optimizer.update(parameters, new float[] {2 * (parameters[0] - 1)}, 0, 1, 0, 1, 0.01);
        }
        assertThat(parameters[0]).isCloseTo(1, within(0.02f));
    }
}
