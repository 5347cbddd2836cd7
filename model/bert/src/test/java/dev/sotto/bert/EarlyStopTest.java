package dev.sotto.bert;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EarlyStopTest {
    private final List<Float> lookedAt = new ArrayList<>();

    /** The loss is a parabola with its foot at 3.1; the parameter after batch n is n. */
    private EarlyStop parabola(int patience, int batches) {
        return new EarlyStop(patience, batches, new float[] {0}, parameters -> {
            lookedAt.add(parameters[0]);
            return Math.pow(parameters[0] - 3.1, 2);
        });
    }

    private static int run(EarlyStop stop, int batches) {
        for (int batch = 1; batch <= batches; batch++) {
            if (stop.endsAfter(batch, new float[] {batch})) {
                return batch;
            }
        }
        return batches + 1;
    }

    @Test
    void pass_thatGetsWorse_endsAfterThePatienceAndGivesTheBest() {
        EarlyStop stop = parabola(2, 10);
        assertThat(run(stop, 10)).isEqualTo(5);
        assertThat(stop.best()).containsExactly(3);
        assertThat(lookedAt).containsExactly(0f, 1f, 2f, 3f, 4f, 5f);
    }

    @Test
    void pass_thatGetsWorseTooLate_isFinishedAndStillGivesTheBest() {
        EarlyStop stop = parabola(8, 10);
        assertThat(run(stop, 10)).isEqualTo(11);
        assertThat(stop.best()).containsExactly(3);
    }

    @Test
    void pass_thatNeverHelps_givesTheStart() {
        EarlyStop stop = new EarlyStop(1, 10, new float[] {0}, parameters -> parameters[0]);
        assertThat(run(stop, 10)).isEqualTo(1);
        assertThat(stop.best()).containsExactly(0);
    }

    @Test
    void pass_whoseLossIsNotANumber_isInVain() {
        EarlyStop stop = new EarlyStop(2, 10, new float[] {0}, parameters -> parameters[0] < 1 ? 1 : Double.NaN);
        assertThat(run(stop, 10)).isEqualTo(2);
        assertThat(stop.best()).containsExactly(0);
    }

    @Test
    void evaluations_ofAnyPass_areTenAtEqualDistancesOrOneABatch() {
        run(new EarlyStop(10, 25, new float[] {0}, this::look), 25);
        assertThat(lookedAt).containsExactly(0f, 3f, 5f, 8f, 10f, 13f, 15f, 18f, 20f, 23f, 25f);
        lookedAt.clear();
        run(new EarlyStop(10, 3, new float[] {0}, this::look), 3);
        assertThat(lookedAt).containsExactly(0f, 1f, 2f, 3f);
    }

    private double look(float[] parameters) {
        lookedAt.add(parameters[0]);
        return -parameters[0];
    }
}
