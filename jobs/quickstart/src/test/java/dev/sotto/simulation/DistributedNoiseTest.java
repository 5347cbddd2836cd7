package dev.sotto.simulation;

import static org.assertj.core.api.Assertions.assertThat;

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
            PublishedNoise noise = PublishedNoise.of(federation, settings.task());
            double local = settings.task().noiseShare(SITES).localSigma();
            double expected = (SITES - DROPOUTS) * local * local;
            // A fifth is three standard deviations of the estimate; without one site's noise a seventh would be
            // missing.
            assertThat(noise.entries()).isGreaterThan(400);
            assertThat(noise.square() / expected)
                    .as("%.4f", noise.square() / expected)
                    .isBetween(0.8, 1.25);
        }
    }
}
