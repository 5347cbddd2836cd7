package dev.sotto.coordination.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.federation.ConfigurationException;
import org.junit.jupiter.api.Test;

class OneRunBoundTest {
    @Test
    void pValue_ofEightyRightInAHundred_isAsKnown() {
        assertThat(new OneRunBound(1000, 100, 80).pValue(1, 1e-5)).isCloseTo(0.07300911595, within(1e-9));
    }

    @Test
    void epsilon_ofNinetyRightInAHundred_isAsKnown() {
        assertThat(new OneRunBound(1000, 100, 90).epsilon(1e-5, 0.05)).isCloseTo(1.62614368, within(1e-6));
    }

    @Test
    void epsilon_ofGuessesAtRandom_isZero() {
        assertThat(new OneRunBound(1000, 1000, 500).epsilon(1e-5, 0.05)).isZero();
    }

    @Test
    void epsilon_growsWithTheRightGuesses() {
        double before = 0;
        for (int correct = 60; correct <= 100; correct += 5) {
            double epsilon = new OneRunBound(500, 100, correct).epsilon(1e-6, 0.05);
            assertThat(epsilon).isGreaterThanOrEqualTo(before);
            before = epsilon;
        }
        assertThat(before).isGreaterThan(3);
    }

    @Test
    void bound_ofMoreRightThanGuessed_isRefused() {
        assertThatThrownBy(() -> new OneRunBound(10, 5, 6))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("right guesses is 6 but must be between 0 and the guesses, 5");
    }
}
