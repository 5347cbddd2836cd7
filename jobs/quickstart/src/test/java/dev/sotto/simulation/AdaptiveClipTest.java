package dev.sotto.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.contracts.avro.ModelAnnounced;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.contracts.avro.RoundResult;
import dev.sotto.federation.EncodingSettings;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.secagg.SiteId;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A clip norm that begins at several times the length of updates and comes down to it, through both jobs and every site: each
 * round's follows from the share that the round before released, and the models are made of updates cut to it.
 */
class AdaptiveClipTest {
    private static final int SITES = 8;
    private static final int ROUNDS = 6;

    @BeforeAll
    static void rememberSignatures() {
        RememberedSignatures.install();
    }

    @ParameterizedTest
    @ValueSource(strings = {"central", "distributed"})
    void clipNorm_beginsTooLarge_followsTheReleasedShares(String mode) throws Exception {
        Settings.Draft draft = new Settings.Draft();
        draft.sites = SITES;
        draft.count = ROUNDS;
        draft.perBlock = ROUNDS;
        draft.minCohort = SITES;
        draft.mode = mode;
        draft.chunkEntries = 68;
        draft.noiseMultiplier = 0.1;
        draft.adaptive = "{target: 0.5, rate: 1, share: 0.5}";
        Settings settings = draft.settings(Settings.Profile.FAULTS);
        EncodingSettings encoding = settings.task().encoding();
        try (ManySites federation = new ManySites(settings, 0, 2)) {
            federation.run(3_600_000);
            List<RoundResult> results = federation.results();
            assertThat(results).as("%s", federation.history()).hasSize(ROUNDS);
            double clipNorm = encoding.clipNorm();
            for (int i = 0; i < ROUNDS; i++) {
                RoundOpen open = federation.opened().get(i);
                assertThat(open.getClipNorm()).isEqualTo(clipNorm);
                double room = clipNorm * Math.sqrt(0.75);
                int within = 0;
                for (String site : results.get(i).getSurvivors()) {
                    within += norm(federation.update(new SiteId(site), i + 1)) <= room ? 1 : 0;
                }
                assertThat(results.get(i).getUnclipped()).isEqualTo(within / (double) SITES, within(0.1));
                check(federation, settings.task(), i, room);
                clipNorm = encoding.clipAfter(clipNorm, results.get(i).getUnclipped());
            }
            // Updates are about 1.1 long and the clip begins at 4.
            assertThat(clipNorm).isBetween(0.7, 2.0);
        }
    }

    /** The model's step is the sum of the clipped updates over its weight, as far as the noise lets it be seen. */
    private static void check(ManySites federation, TaskDefinition task, int round, double room) throws Exception {
        ModelAnnounced parent = federation.announced().get(round);
        ModelAnnounced model = federation.announced().get(round + 1);
        double weight = Math.min(
                SITES, model.getMetrics().getExamples() / task.training().examplesPerRound());
        float[] before = federation.model(parent).vector();
        float[] after = federation.model(model).vector();
        double[] sum = new double[after.length];
        for (String survivor : model.getSurvivors()) {
            float[] update = federation.update(new SiteId(survivor), round + 1);
            double factor = Math.min(1, room / norm(update));
            for (int i = 0; i < sum.length; i++) {
                sum[i] += factor * update[i];
            }
        }
        double off = 0;
        double length = 0;
        for (int i = 0; i < sum.length; i++) {
            off += Math.pow((after[i] - before[i]) * weight - sum[i], 2);
            length += sum[i] * sum[i];
        }
        double noise = task.sumSigma(SITES, SITES) / task.encoding().scale() * Math.sqrt(sum.length);
        assertThat(Math.sqrt(off)).isLessThan(2 * noise * room / 3.4);
        assertThat(Math.sqrt(length)).isGreaterThan(0.5);
    }

    private static double norm(float[] update) {
        double square = 0;
        for (float entry : update) {
            square += (double) entry * entry;
        }
        return Math.sqrt(square);
    }
}
