package dev.sotto.secagg;

import static dev.sotto.secagg.TestCohort.MODEL;
import static dev.sotto.secagg.TestCohort.site;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole rounds between honest sites and a server that may lie. */
class ProtocolTest {
    private static final int ENTRIES = 1003;

    private static int[] vector(Random random) {
        return random.ints(ENTRIES).toArray();
    }

    /** SumIsExact. */
    @Property(tries = 40)
    void round_anyDropoutsUpToTheThreshold_givesThePlainSum(
            @ForAll @IntRange(min = 2, max = 9) int n,
            @ForAll @IntRange(min = 1, max = 3) int rounds,
            @ForAll @IntRange(max = 8) int dropouts,
            @ForAll long seed)
            throws Exception {
        TestCohort cohort = TestCohort.of(n, rounds, seed);
        int t = cohort.terms.threshold();
        Random random = new Random(seed);
        for (int r = 0; r < rounds; r++) {
            RoundId round = cohort.round(r);
            List<SiteId> order = new ArrayList<>(cohort.everyone());
            Collections.shuffle(order, random);
            SortedSet<SiteId> announced = new TreeSet<>(order.subList(0, t + random.nextInt(n - t + 1)));
            order.retainAll(announced);
            int alive = Math.max(t, announced.size() - dropouts % (n - t + 1));
            SortedSet<SiteId> survivors = new TreeSet<>(order.subList(0, alive));
            int[] plainSum = new int[ENTRIES];
            int[] maskedSum = new int[ENTRIES];
            for (SiteId site : survivors) {
                int[] plain = vector(random);
                TestCohort.add(plainSum, plain);
                TestCohort.add(maskedSum, cohort.masked(site, round, MODEL, announced, plain));
            }

            SurvivorSet set = TestCohort.set(round, announced, survivors);
            Unmasking unmasking = cohort.unmasking(set);
            // Dropouts that are online answer too; any t answers do.
            Collections.shuffle(order, random);
            for (SiteId site : order.subList(0, t)) {
                unmasking.accept(site, cohort.answer(site, set).shares());
            }
            assertThat(maskedSum).isNotEqualTo(plainSum);
            TestCohort.unmask(maskedSum, unmasking.seeds().get(0));
            assertThat(maskedSum).isEqualTo(plainSum);
        }
    }

    /** NeverBothSecrets: a server that tells every site a story of its own, within what the sites do not refuse. */
    @Property(tries = 40)
    void stories_anyTwoSurvivorSets_neverGiveBothSecretsOfASite(
            @ForAll @IntRange(min = 3, max = 8) int n, @ForAll long seed) throws Exception {
        TestCohort cohort = TestCohort.of(n, 1, seed);
        SortedSet<SiteId> announced = cohort.everyone();
        Random random = new Random(seed);
        Map<SiteId, Map<ShareKind, Integer>> gathered = new HashMap<>();
        for (SiteId site : announced) {
            List<SiteId> others = new ArrayList<>(announced);
            others.remove(site);
            Collections.shuffle(others, random);
            int t = cohort.terms.threshold();
            SortedSet<SiteId> alive = new TreeSet<>(others.subList(0, t - 1 + random.nextInt(n - t + 1)));
            alive.add(site);
            for (OpenedShare share : cohort.answer(site, TestCohort.set(cohort.round(0), announced, alive))
                    .shares()
                    .shares()) {
                gathered.computeIfAbsent(share.of(), any -> new EnumMap<>(ShareKind.class))
                        .merge(share.kind(), 1, Integer::sum);
            }
        }
        assertThat(gathered).hasSize(n);
        assertThat(gathered.values()).allSatisfy(kinds -> assertThat(Collections.min(
                        List.of(kinds.getOrDefault(ShareKind.SELF_MASK, 0), kinds.getOrDefault(ShareKind.MASK_KEY, 0))))
                .isLessThan(cohort.terms.threshold()));
    }

    /** What is not prevented but bounded: a server that forks the survivors parts off no smaller sum than this. */
    @ParameterizedTest
    @ValueSource(ints = {4, 5, 7, 8, 10})
    void stories_forkedSurvivors_leaveNoFewerThanTheBound(int n) throws Exception {
        TestCohort cohort = TestCohort.of(n, 1, n);
        int t = cohort.terms.threshold();
        for (int minSurvivors = 2; minSurvivors <= n; minSurvivors++) {
            int left = Thresholds.leastForkedSum(n, t, minSurvivors, 0);
            int survivors = Math.max(minSurvivors, t);

            // It comes to the bound but for one share, since a site is never told that it is dead itself.
            assertThat(fewestMaskKeyShares(cohort, n - left, survivors)).isGreaterThanOrEqualTo(t - 1);
            if (left > 1) {
                assertThat(fewestMaskKeyShares(cohort, n - left + 1, survivors)).isLessThan(t);
            }
        }
    }

    /** The fewest shares given of a mask key of the first {@code parted} sites, when the stories are spread evenly. */
    private static int fewestMaskKeyShares(TestCohort cohort, int parted, int survivors) throws RefusedException {
        List<SiteId> all = List.copyOf(cohort.everyone());
        int[] given = new int[parted];
        for (SiteId site : all) {
            SortedSet<SiteId> alive = cohort.everyone();
            for (int dead = 0; dead < Math.min(parted, all.size() - survivors); dead++) {
                int least = -1;
                for (int i = 0; i < parted; i++) {
                    boolean open = alive.contains(all.get(i)) && !all.get(i).equals(site);
                    least = open && (least < 0 || given[i] < given[least]) ? i : least;
                }
                if (least >= 0) {
                    alive.remove(all.get(least));
                    given[least]++;
                }
            }
            SurvivorSet story = TestCohort.set(cohort.round(0), cohort.everyone(), alive);
            assertThat(cohort.answer(site, story).unopened()).isEmpty();
        }
        return parted == 0 ? Integer.MAX_VALUE : Arrays.stream(given).min().orElseThrow();
    }

    @Test
    void round_oneSiteShownAnotherModel_givesNoise() throws Exception {
        TestCohort cohort = TestCohort.of(4, 1, 21);
        SortedSet<SiteId> announced = cohort.everyone();
        RoundId round = cohort.round(0);
        byte[] otherModel = Sha256.of(new byte[] {8});
        int[] sum = new int[ENTRIES];
        for (SiteId site : announced) {
            byte[] model = site.equals(site(2)) ? otherModel : MODEL;
            TestCohort.add(sum, cohort.masked(site, round, model, announced, new int[ENTRIES]));
        }
        SurvivorSet set = TestCohort.set(round, announced, announced);
        Unmasking unmasking = cohort.unmasking(set);
        for (SiteId site : announced) {
            unmasking.accept(site, cohort.answer(site, set).shares());
        }
        TestCohort.unmask(sum, unmasking.seeds().get(0));

        // Every plain vector was zero, so whatever is left is mask: spread over the whole ring, and hardly ever zero.
        long zeros = Arrays.stream(sum).filter(entry -> entry == 0).count();
        double meanMagnitude =
                Arrays.stream(sum).mapToDouble(Math::abs).average().orElseThrow();
        assertThat(zeros).isLessThan(5);
        assertThat(meanMagnitude).isBetween(0.4 * Integer.MAX_VALUE, 0.6 * Integer.MAX_VALUE);
    }

    @Test
    void round_lateUploadOfADropout_staysMasked() throws Exception {
        TestCohort cohort = TestCohort.of(4, 1, 22);
        SortedSet<SiteId> announced = cohort.everyone();
        RoundId round = cohort.round(0);
        int[] late = cohort.masked(site(3), round, MODEL, announced, new int[ENTRIES]);
        SurvivorSet set = TestCohort.set(round, announced, TestCohort.sites(0, 1, 2));
        Unmasking unmasking = cohort.unmasking(set);
        for (SiteId site : set.survivors()) {
            unmasking.accept(site, cohort.answer(site, set).shares());
        }
        int[] opened = late.clone();
        // With the dropout's mask key the server can take its pairwise masks off, as if it were each survivor's
        // partner.
        for (SignedSeed seed : unmasking.seeds().get(0)) {
            new SignedSeed(seed.seed(), !seed.subtract()).apply(new MaskExpander(), 0, opened, 0, ENTRIES);
        }
        // And put back the survivors' self-masks, which are not in this upload.
        int[] selfMasks = new int[ENTRIES];
        for (SiteId site : set.survivors()) {
            Mask.add(cohort.secrets.get(site).of(round).selfMask(), 0, selfMasks, 0, ENTRIES);
        }
        int[] selfMaskOfLate = new int[ENTRIES];
        Mask.add(cohort.secrets(3).of(round).selfMask(), 0, selfMaskOfLate, 0, ENTRIES);
        for (int i = 0; i < ENTRIES; i++) {
            opened[i] -= selfMasks[i];
        }

        // What is left of a zero vector is exactly its own self-mask, of which nobody gave a share.
        assertThat(opened).isEqualTo(selfMaskOfLate).isNotEqualTo(new int[ENTRIES]);
    }

    @Test
    void mask_chunkByChunk_equalsTheWhole() throws Exception {
        TestCohort cohort = TestCohort.of(3, 1, 23);
        int[] whole = cohort.masked(site(1), cohort.round(0), MODEL, cohort.everyone(), new int[ENTRIES]);
        int[] chunked = new int[ENTRIES];
        try (SiteMasker masker = SiteMasker.of(
                cohort.secrets(1),
                cohort.roster,
                cohort.sealHash,
                cohort.round(0),
                MODEL,
                RoundGroups.single(cohort.everyone()))) {
            int chunk = 256;
            for (int from = 0; from < ENTRIES; from += chunk) {
                masker.mask(from, chunked, from, Math.min(chunk, ENTRIES - from));
            }
        }
        assertThat(chunked).isEqualTo(whole);
    }

    @Test
    void masker_closed_failsClearly() throws Exception {
        TestCohort cohort = TestCohort.of(3, 1, 24);
        SiteMasker masker = SiteMasker.of(
                cohort.secrets(1),
                cohort.roster,
                cohort.sealHash,
                cohort.round(0),
                MODEL,
                RoundGroups.single(cohort.everyone()));
        masker.close();

        assertThatIllegalStateException().isThrownBy(() -> masker.mask(new int[4]));
    }
}
