package dev.sotto.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.federation.TaskDefinition;
import dev.sotto.secagg.SiteId;
import org.junit.jupiter.api.Test;

class SiteBudgetTest {
    private static final SiteId SITE = new SiteId("bank-a");

    private final MemoryStorage storage = new MemoryStorage();

    private static TaskDefinition task(double epsilon) {
        return Parties.task(
                "mode: central, noiseMultiplier: 0.01",
                "record: {samplingRate: 0.2, clipNorm: 1.0}, mode: record, noiseMultiplier: 1.1",
                "budgetEpsilon: 100000",
                "budgetEpsilon: " + epsilon,
                "priorCorrection: true",
                "priorCorrection: false");
    }

    /** A budget after a restart: what was counted is in the storage alone. */
    private SiteBudget budget(TaskDefinition task) throws Exception {
        return new SiteBudget(task, SiteJournal.open(storage, task.id(), SITE));
    }

    @Test
    void charge_ofMoreUploadsThanTheBudgetBears_isRefusedThoughTheSiteWasRestarted() throws Exception {
        TaskDefinition task = task(8);
        int bears = (int) (task.budget().rho() / task.rho());
        assertThat(bears).isBetween(2, 1000);
        for (int round = 1; round <= bears; round++) {
            budget(task).charge(round);
        }
        assertThatThrownBy(() -> budget(task).charge(bears + 1))
                .isInstanceOfSatisfying(RefusedStepException.class, refused -> assertThat(refused.refusal())
                        .isEqualTo(Refusal.BUDGET_SPENT))
                .hasMessageContaining("round %d: privacy budget".formatted(bears + 1))
                .hasMessageContaining("the task ends here");
    }

    @Test
    void charge_ofARoundThatIsBegunAgain_isCountedOnce() throws Exception {
        TaskDefinition task = task(8);
        int bears = (int) (task.budget().rho() / task.rho());
        for (int round = 1; round <= bears; round++) {
            budget(task).charge(round);
            budget(task).charge(round);
        }
        assertThatThrownBy(() -> budget(task).charge(bears + 1)).isInstanceOf(RefusedStepException.class);
    }

    @Test
    void charge_whereTheServerAddsTheNoise_isTheLedgersAlone() throws Exception {
        TaskDefinition task = Parties.task("budgetEpsilon: 100000", "budgetEpsilon: 1");
        assertThatCode(() -> budget(task).charge(1)).doesNotThrowAnyException();
        assertThat(storage.files).doesNotContainKey("upload-count");
    }
}
