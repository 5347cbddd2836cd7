package dev.sotto.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.contracts.avro.ModelAnnounced;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.secagg.SiteId;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Sites that add the noise themselves: what is published has all of theirs and nobody else's. */
class DistributedNoiseTest {
    private static final int SITES = 8;
    private static final int DROPOUTS = 1;
    private static final int ROUNDS = 10;

    @BeforeAll
    static void rememberSignatures() {
        RememberedSignatures.install();
    }

    @Test
    void models_ofSitesThatAddTheNoise_haveTheNoiseOfEverySurvivor() throws Exception {
        Settings.Draft draft = new Settings.Draft();
        draft.sites = SITES;
        draft.count = ROUNDS;
        draft.perBlock = ROUNDS;
        draft.minCohort = SITES;
        draft.dropout = 0.25;
        draft.chunkEntries = 20;
        draft.mode = "distributed";
        draft.noiseMultiplier = 0.05;
        Settings settings = draft.settings(Settings.Profile.FAULTS);
        try (ManySites federation = new ManySites(settings, DROPOUTS, 2)) {
            federation.run(3_600_000);
            assertThat(federation.results()).as("%s", federation.history()).hasSize(ROUNDS);
            double square = 0;
            long entries = 0;
            List<ModelAnnounced> models = federation.announced();
            for (int i = 1; i < models.size(); i++) {
                for (double noise : noise(federation, settings.task(), models.get(i - 1), models.get(i))) {
                    square += noise * noise;
                    entries++;
                }
            }
            double local = settings.task().noiseShare(SITES).localSigma();
            double expected = (SITES - DROPOUTS) * local * local;
            // A fifth is three standard deviations of the estimate; without one site's noise a seventh would be
            // missing.
            assertThat(entries).isGreaterThan(400);
            assertThat(square / entries / expected)
                    .as("%.4f", square / entries / expected)
                    .isBetween(0.8, 1.25);
        }
    }

    /** A release less the plain sum of what its survivors trained, in lattice points. */
    private static double[] noise(
            ManySites federation, TaskDefinition task, ModelAnnounced parent, ModelAnnounced model) throws Exception {
        double scale = task.encoding().scale();
        double weight = model.getMetrics().getExamples() / task.training().examplesPerRound();
        weight = Math.min(model.getSurvivors().size(), weight);
        float[] before = federation.model(parent).vector();
        float[] after = federation.model(model).vector();
        double[] noise = new double[after.length];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (after[i] - before[i]) * scale * weight;
        }
        for (String survivor : model.getSurvivors()) {
            float[] update = federation.update(new SiteId(survivor), model.getRound());
            for (int i = 0; i < noise.length; i++) {
                noise[i] -= update[i] * scale;
            }
        }
        return noise;
    }
}
