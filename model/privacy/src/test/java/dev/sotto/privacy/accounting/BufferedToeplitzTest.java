package dev.sotto.privacy.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BufferedToeplitzTest {
    private final BufferedToeplitz matrix = new BufferedToeplitz(List.of(0.4, 0.1, 0.02), List.of(0.9, 0.0, 0.999));

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 17, 400})
    void sensitivity_ofAnyLength_isTheNormOfTheFirstColumn(int steps) {
        double sum = 1;
        for (int t = 1; t < steps; t++) {
            double entry = 0;
            for (int j = 0; j < 3; j++) {
                entry += matrix.omega().get(j) * Math.pow(matrix.theta().get(j), t - 1);
            }
            sum += entry * entry;
        }
        assertThat(matrix.sensitivitySquared(steps)).isEqualTo(sum, within(1e-12 * sum));
    }

    @Test
    void cost_ofOneStep_isThatOfTheGaussian() {
        assertThat(matrix.over(1, 1.3).rdp(7)).isEqualTo(new GaussianMechanism(1.3).rdp(7), within(1e-12));
        assertThat(matrix.over(50, 1.3).cost())
                .isGreaterThan(matrix.over(49, 1.3).cost());
    }

    @Test
    void matrix_thatIsNone_isRefused() {
        assertThatThrownBy(() -> new BufferedToeplitz(List.of(0.1), List.of(1.0)))
                .hasMessageContaining("below 1");
        assertThatThrownBy(() -> new BufferedToeplitz(List.of(0.1), List.of())).hasMessageContaining("0 decays");
        assertThatThrownBy(() -> matrix.sensitivitySquared(0)).hasMessageContaining("1 or more");
        assertThatThrownBy(() -> matrix.over(3, 0)).hasMessageContaining("noise multiplier");
    }
}
