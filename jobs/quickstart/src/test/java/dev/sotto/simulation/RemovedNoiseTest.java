package dev.sotto.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.contracts.avro.NoiseRecord;
import dev.sotto.contracts.avro.UnmaskSeeds;
import dev.sotto.secagg.SiteId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sites that add noise for the most dropouts and have taken off what fewer do not use up. */
class RemovedNoiseTest {
    private static final int SITES = 9;
    private static final int TOLERATED = 4;
    private static final int ROUNDS = 20;
    private static final SiteId VICTIM =
            Cast.of(SITES).sites().keySet().stream().skip(5).findFirst().orElseThrow();

    /** Four standard deviations of a mean of 1000 squares: with the noise of one dropout too many a fifth would be missing. */
    private static final double BOUND = 0.18;

    @BeforeAll
    static void rememberSignatures() {
        RememberedSignatures.install();
    }

    private static Settings settings() {
        Settings.Draft draft = new Settings.Draft();
        draft.sites = SITES;
        draft.count = ROUNDS;
        draft.perBlock = ROUNDS;
        draft.minCohort = SITES;
        draft.dropout = 0.45;
        draft.strikes = 2 * ROUNDS;
        draft.chunkEntries = 20;
        draft.mode = "distributed";
        draft.removal = true;
        draft.noiseMultiplier = 0.05;
        return draft.settings(Settings.Profile.FAULTS);
    }

    private static void run(ManySites federation) throws Exception {
        federation.run(3_600_000);
        assertThat(federation.results()).as("%s", federation.history()).hasSize(ROUNDS);
        assertThat(federation.seeds()).hasSize(ROUNDS);
    }

    private static double expected(Settings settings) {
        double sigma = settings.task().sigma();
        // What is charged for must stay without the one site that may collude, too.
        return sigma * sigma * (SITES - TOLERATED) / (SITES - TOLERATED - 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, TOLERATED})
    void models_howeverManyDropOut_haveTheSameNoise(int dropouts) throws Exception {
        Settings settings = settings();
        try (ManySites federation = new ManySites(settings, dropouts, 2)) {
            run(federation);
            for (UnmaskSeeds seeds : federation.seeds()) {
                assertThat(seeds.getSurvivors()).hasSize(SITES - dropouts);
                assertThat(seeds.getNoise())
                        .hasSize(dropouts == TOLERATED ? 0 : SITES - dropouts)
                        .allSatisfy(noise -> assertThat(noise.getComponent()).isEqualTo(dropouts + 1));
            }
            PublishedNoise noise = PublishedNoise.of(federation, settings.task());
            assertThat(noise.entries()).isGreaterThanOrEqualTo(1000);
            double ratio = noise.square() / expected(settings);
            assertThat(ratio).as("%.4f", ratio).isBetween(1 - BOUND, 1 + BOUND);
        }
    }

    /** Its whole noise stays in the sum: more than is charged for, and the round does not wait for ever. */
    @Test
    void models_ofASurvivorThatDiesBeforeItAnswers_haveItsWholeNoise() throws Exception {
        Mishap mishap = new Mishap() {
            @Override
            public boolean loses(SiteId site, int round) {
                return site.equals(VICTIM);
            }
        };
        assertNoiseOfTheVictimStays(mishap);
    }

    /** The same for one that gives away what it has not committed to. */
    @Test
    void models_ofASurvivorWithAWrongLink_haveItsWholeNoise() throws Exception {
        Mishap mishap = new Mishap() {
            @Override
            public Optional<byte[]> written(SiteId site, String name, byte[] bytes) {
                if (site.equals(VICTIM) && name.endsWith(".noise")) {
                    bytes[0] ^= 1;
                }
                return Optional.of(bytes);
            }
        };
        assertNoiseOfTheVictimStays(mishap);
    }

    private static void assertNoiseOfTheVictimStays(Mishap mishap) throws Exception {
        Settings settings = settings();
        try (ManySites federation = new ManySites(settings, 0, 2, mishap)) {
            run(federation);
            List<String> others = Cast.of(SITES).sites().keySet().stream()
                    .filter(site -> !site.equals(VICTIM))
                    .map(SiteId::value)
                    .toList();
            for (UnmaskSeeds seeds : federation.seeds()) {
                assertThat(seeds.getSurvivors()).hasSize(SITES);
                assertThat(seeds.getNoise()).extracting(NoiseRecord::getSite).containsExactlyElementsOf(others);
            }
            double local = settings.task().noiseShare(SITES).localSigma();
            double first = settings.task().noiseComponents(SITES).variance(0);
            double ratio = PublishedNoise.of(federation, settings.task()).square()
                    / (expected(settings) + local * local - first);
            assertThat(ratio).as("%.4f", ratio).isBetween(1 - BOUND, 1 + BOUND);
        }
    }

    /** What its noise comes from is in its journal before anything is sent, and its answer before it is given. */
    @Test
    void models_ofASiteThatIsRestartedAtEveryStepOfARound_haveTheSameNoise() throws Exception {
        Set<String> seen = ConcurrentHashMap.newKeySet();
        Mishap mishap = new Mishap() {
            @Override
            public boolean kills(SiteId site, String point) {
                return site.equals(VICTIM) && point.matches(".*\\.round-[123]\\..*") && seen.add(point);
            }
        };
        Settings settings = settings();
        try (ManySites federation = new ManySites(settings, 1, 2, mishap)) {
            run(federation);
            assertThat(seen)
                    .contains(
                            "after writing block-1.round-2.noise",
                            "before writing block-1.round-2.upload",
                            "after writing block-1.round-2.upload",
                            "before writing block-1.round-2.answer",
                            "after writing block-1.round-2.answer",
                            "before deleting block-1.round-2.noise");
            assertThat(federation.seeds())
                    .allSatisfy(seeds -> assertThat(seeds.getNoise()).hasSize(SITES - 1));
            double ratio = PublishedNoise.of(federation, settings.task()).square() / expected(settings);
            assertThat(ratio).as("%.4f", ratio).isBetween(1 - BOUND, 1 + BOUND);
        }
    }
}
