package dev.sotto.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.privacy.ReleaseNoise;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The noise of published models, through both jobs, is the one charged. The same measurement of broken noise says so:
 * noise left out, or halved in variance or in size, cannot pass.
 */
class ReleasedNoiseTest {
    private static final int SITES = 8;
    private static final int ROUNDS = 10;

    /** Five standard deviations of the estimate over the entries of all rounds is less than this. */
    private static final double TOLERANCE = 0.3;

    /** What is drawn instead of the noise. */
    enum Broken {
        LEFT_OUT {
            @Override
            ReleaseNoise noise(ReleaseNoise honest) {
                return (sum, context) -> {};
            }
        },

        HALF_THE_SIZE {
            @Override
            ReleaseNoise noise(ReleaseNoise honest) {
                return (sum, context) -> {
                    int[] noised = sum.clone();
                    honest.addTo(noised, context);
                    for (int i = 0; i < sum.length; i++) {
                        sum[i] += (noised[i] - sum[i]) / 2;
                    }
                };
            }
        },

        /** As if every other entry were forgotten. */
        HALF_THE_VARIANCE {
            @Override
            ReleaseNoise noise(ReleaseNoise honest) {
                return (sum, context) -> {
                    int[] noised = sum.clone();
                    honest.addTo(noised, context);
                    for (int i = 0; i < sum.length; i += 2) {
                        sum[i] = noised[i];
                    }
                };
            }
        };

        abstract ReleaseNoise noise(ReleaseNoise honest);
    }

    @BeforeAll
    static void rememberSignatures() {
        RememberedSignatures.install();
    }

    /** The variance that is seen over the one charged. */
    private static double seen(Settings run, Settings charged, Mishap mishap, double expected) throws Exception {
        try (ManySites federation = new ManySites(run, 0, 2, mishap)) {
            federation.run(3_600_000);
            assertThat(federation.results()).as("%s", federation.history()).hasSize(ROUNDS);
            PublishedNoise noise = PublishedNoise.of(federation, charged.task());
            assertThat(noise.entries()).isGreaterThan(400);
            return noise.square() / expected;
        }
    }

    private static Settings settings(String mode, double noiseMultiplier) {
        Settings.Draft draft = new Settings.Draft();
        draft.sites = SITES;
        draft.count = ROUNDS;
        draft.perBlock = ROUNDS;
        draft.minCohort = SITES;
        draft.chunkEntries = 20;
        draft.mode = mode;
        draft.noiseMultiplier = noiseMultiplier;
        return draft.settings(Settings.Profile.FAULTS);
    }

    private static double central(Mishap mishap) throws Exception {
        Settings settings = settings("central", 0.05);
        double sigma = settings.task().sigma();
        return seen(settings, settings, mishap, sigma * sigma);
    }

    @Test
    void noise_thatAggregationAdds_hasTheVarianceCharged() throws Exception {
        assertThat(central(Mishap.NONE)).isCloseTo(1, within(TOLERANCE));
    }

    @ParameterizedTest
    @EnumSource
    void noise_brokenAtAggregation_isSeen(Broken broken) throws Exception {
        double seen = central(new Mishap() {
            @Override
            public ReleaseNoise noise(ReleaseNoise honest) {
                return broken.noise(honest);
            }
        });
        assertThat(seen).isLessThan(1 - TOLERANCE);
    }

    @Test
    void noise_ofSitesThatAddHalf_isSeen() throws Exception {
        Settings charged = settings("distributed", 0.1);
        double local = charged.task().noiseShare(SITES).localSigma();
        double expected = SITES * local * local;
        assertThat(seen(charged, charged, Mishap.NONE, expected)).isCloseTo(1, within(TOLERANCE));
        assertThat(seen(settings("distributed", 0.05), charged, Mishap.NONE, expected))
                .isLessThan(1 - TOLERANCE);
    }
}
