package dev.sotto.coordination.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
    @ParameterizedTest
    @CsvSource({
        "4.7283712,4.72837,4.72838,4.72837",
        "4.7283792,4.72838,4.72838,4.72837",
        "0.00001,1e-5,1e-5,1e-5",
        "0.1,0.1,0.1,0.1",
        "270213,270213,270213,270213",
        "0,0,0,0",
        "0.000123,0.000123,0.000123,0.000123",
        "1234567,1234570,1234570,1234560",
        "Infinity,infinite,infinite,infinite"
    })
    void figures_ofANumber_areSixWithoutZeros(double value, String near, String atMost, String atLeast) {
        assertThat(Figures.near(value)).isEqualTo(near);
        assertThat(Figures.atMost(value)).isEqualTo(atMost);
        assertThat(Figures.atLeast(value)).isEqualTo(atLeast);
    }
}
