package dev.sotto.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SgdTest {
    @Test
    void update_ofARange_movesItAlongTheGradientAndDecays() {
        float[] parameters = {1f, 1f, 1f};
        Sgd optimizer = new Sgd(0.01);
        optimizer.nextStep();
        optimizer.update(parameters, new float[] {99, 0.5f, -3f, 7f}, 1, 0.5, 0, 2, 0.1);
        // 1 - 0.1 * (0.25 + 0.01) and 1 - 0.1 * (-1.5 + 0.01); the third is out of the range.
        assertThat(parameters).containsExactly(new float[] {0.974f, 1.149f, 1f}, within(1e-6f));
    }
}
