package dev.sotto.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class RobustCombinationTest {
    @Test
    void mean_ofGroups_weighsThem() {
        RobustCombination mean = combination(Combination.MEAN, 2, 0);
        assertThat(mean.combine(List.of(group(3, true, 1, 0), group(1, true, 5, 4))))
                .containsExactly(2, 1);
    }

    @Test
    void median_oneGroupLies_isNotMoved() {
        RobustCombination median = combination(Combination.MEDIAN, 5, 0);
        assertThat(median.combine(List.of(
                        group(3, true, 1),
                        group(3, true, 1.1f),
                        group(3, true, 0.9f),
                        group(3, true, -90),
                        group(3, true, 80))))
                .containsExactly(1);
        assertThat(median.combine(List.of(group(3, true, 1), group(3, true, 3))))
                .containsExactly(2);
    }

    @Test
    void trimmedMean_oneFifthAtEachEnd_keepsTheMiddle() {
        RobustCombination trimmed = combination(Combination.TRIMMED_MEAN, 5, 0.2);
        assertThat(trimmed.combine(List.of(
                        group(3, true, 1),
                        group(3, true, 2),
                        group(3, true, 3),
                        group(3, true, -90),
                        group(3, true, 80))))
                .containsExactly(2);
    }

    @Test
    void median_implausibleGroups_areLeftOut() {
        RobustCombination median = combination(Combination.MEDIAN, 3, 0);
        assertThat(median.combine(List.of(group(3, false, -9), group(3, false, -8), group(3, true, 1))))
                .containsExactly(1);
        assertThat(median.combine(List.of(group(3, false, -9), group(3, false, -8))))
                .containsExactly(0);
    }

    @Test
    void settings_medianOfTwoGroups_isRefused() {
        assertThatThrownBy(() -> new RobustSettings(Combination.MEDIAN, 2, 0))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("robust.groups is 2");
    }

    private static RobustCombination combination(Combination combine, int groups, double trim) {
        return new RobustCombination(new RobustSettings(combine, groups, trim));
    }

    private static GroupMean group(double weight, boolean plausible, float... mean) {
        return new GroupMean(weight, RoundMetrics.NONE, mean, Double.NaN, plausible);
    }
}
