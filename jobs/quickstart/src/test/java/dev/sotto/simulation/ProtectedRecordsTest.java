package dev.sotto.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.contracts.avro.ModelAnnounced;
import dev.sotto.contracts.avro.RoundResult;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.secagg.SiteId;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A task that protects records, through both jobs: updates are summed as they are, no metrics are told, steps are charged. */
class ProtectedRecordsTest {
    private static final int SITES = 5;

    @BeforeAll
    static void rememberSignatures() {
        RememberedSignatures.install();
    }

    private static Settings settings(int rounds, double epsilon) {
        Settings.Draft draft = new Settings.Draft();
        draft.sites = SITES;
        draft.count = rounds;
        draft.perBlock = rounds;
        draft.mode = "record";
        draft.noiseMultiplier = 1.1;
        draft.budgetEpsilon = epsilon;
        return draft.settings(Settings.Profile.FAULTS);
    }

    @Test
    void models_ofATaskThatProtectsRecords_areTheMeanOfTheUpdatesAndTellNoMetrics() throws Exception {
        Settings settings = settings(3, 8);
        TaskDefinition task = settings.task();
        try (ManySites federation = new ManySites(settings, 1, 2)) {
            federation.run(3_600_000);
            assertThat(federation.results()).as("%s", federation.history()).hasSize(3);
            double spent = 0;
            for (RoundResult result : federation.results()) {
                spent += task.rho();
                assertThat(result.getMetrics()).isNull();
                assertThat(result.getRho()).isCloseTo(spent, within(1e-12));
                assertThat(result.getEpsilon()).isEqualTo(task.budget().epsilonOf(result.getRho()));
            }
            List<ModelAnnounced> models = federation.announced();
            for (int i = 1; i < models.size(); i++) {
                requireMean(federation, models.get(i - 1), models.get(i));
            }
        }
    }

    private static void requireMean(ManySites federation, ModelAnnounced parent, ModelAnnounced model)
            throws Exception {
        assertThat(model.getMetrics()).isNull();
        assertThat(model.getSurvivors()).hasSize(SITES - 1);
        float[] before = federation.model(parent).vector();
        float[] after = federation.model(model).vector();
        double[] mean = new double[after.length];
        for (String survivor : model.getSurvivors()) {
            float[] update = federation.update(new SiteId(survivor), model.getRound());
            for (int i = 0; i < mean.length; i++) {
                mean[i] += update[i] / (SITES - 1);
            }
        }
        for (int i = 0; i < mean.length; i++) {
            assertThat((double) after[i] - before[i]).isCloseTo(mean[i], within(1e-5));
        }
    }

    private static int bears(Settings settings) {
        return (int) (settings.task().budget().rho() / settings.task().rho());
    }

    @Test
    void task_whoseBudgetBearsFewerRoundsThanPlanned_endsThere() throws Exception {
        double epsilon = 0.5;
        while (bears(settings(4, epsilon)) < 2) {
            epsilon *= 1.02;
        }
        Settings settings = settings(4, epsilon);
        int bears = bears(settings);
        assertThat(bears).isBetween(2, 3);
        try (ManySites federation = new ManySites(settings, 0, 2)) {
            federation.run(3_600_000);
            assertThat(federation.results()).as("%s", federation.history()).hasSize(bears);
            assertThat(federation.history()).contains("TASK_END");
        }
    }
}
