package dev.sotto.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ColumnStatisticsTest {
    private static final double NONE = Double.NaN;
    private static final List<StatisticSpec> COLUMNS =
            List.of(new StatisticSpec("age", 0, 120), new StatisticSpec("temperature", 30, 45));
    private static final ParameterLayout LAYOUT = ParameterLayout.of(
            new ModelDesign(
                    new AdapterSpec(1, 1, List.of()),
                    List.of(new HeadSpec("risk", HeadKind.TEXT, List.of("no", "yes"))),
                    COLUMNS,
                    8),
            new BaseShape(1, 8));

    private static float[] of(List<List<Double>> rows) {
        float[] parameters = new float[LAYOUT.size()];
        ColumnStatistics.set(COLUMNS, rows, LAYOUT, parameters);
        return parameters;
    }

    @Test
    void read_whatRowsSaid_isTheirShareAndMean() {
        float[] parameters =
                of(List.of(List.of(20.0, 36.0), List.of(40.0, NONE), List.of(60.0, NONE), List.of(200.0, 40.0)));
        List<ColumnStatistics.Column> read = ColumnStatistics.read(COLUMNS, LAYOUT, parameters);
        assertThat(read.get(0).share()).isEqualTo(1);
        // 200 is above the bound and counts as 120.
        assertThat(read.get(0).mean()).isCloseTo(60, within(1e-4));
        assertThat(read.get(1).share()).isEqualTo(0.5);
        assertThat(read.get(1).mean()).isCloseTo(38, within(1e-4));
        for (int i = 0; i < LAYOUT.headEnd(); i++) {
            assertThat(parameters[i]).isZero();
        }
    }

    @Test
    void read_ofTheWeightedMeanOfSites_isThatOfAllTheirRows() {
        float[] three = of(List.of(List.of(10.0, 37.0), List.of(20.0, NONE), List.of(NONE, NONE)));
        float[] one = of(List.of(List.of(90.0, 39.0)));
        float[] both = new float[LAYOUT.size()];
        for (int i = 0; i < both.length; i++) {
            both[i] = (3 * three[i] + one[i]) / 4;
        }
        List<ColumnStatistics.Column> read = ColumnStatistics.read(COLUMNS, LAYOUT, both);
        assertThat(read.get(0).share()).isEqualTo(0.75);
        assertThat(read.get(0).mean()).isCloseTo(40, within(1e-3));
        assertThat(read.get(1).mean()).isCloseTo(38, within(1e-3));
    }

    @Test
    void read_aColumnThatNoRowHas_hasNoMean() {
        assertThat(ColumnStatistics.read(COLUMNS, LAYOUT, of(List.of(List.of(1.0, NONE))))
                        .get(1)
                        .mean())
                .isNaN();
    }
}
