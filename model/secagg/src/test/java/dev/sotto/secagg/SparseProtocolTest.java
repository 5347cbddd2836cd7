package dev.sotto.secagg;

import static dev.sotto.secagg.TestCohort.MODEL;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Whole rounds on Harary graphs and in groups, between honest sites and a server that may lie. */
class SparseProtocolTest {
    private static final int ENTRIES = 259;

    private static int degree(int n, int some) {
        int degree = 3 + some % (n - 3);
        return n % 2 != 0 && degree % 2 != 0 ? degree - 1 : degree;
    }

    /** Takes random sites away from {@code from}, one by one, while every site of {@code all} keeps t holders in it. */
    private static SortedSet<SiteId> thinned(
            TestCohort cohort, SortedSet<SiteId> from, boolean keepDropouts, int attempts, Random random) {
        SortedSet<SiteId> left = new TreeSet<>(from);
        List<SiteId> order = new ArrayList<>(from);
        Collections.shuffle(order, random);
        for (SiteId candidate : order.subList(0, Math.min(attempts, order.size()))) {
            left.remove(candidate);
            SortedSet<SiteId> mustReach = keepDropouts ? from : left;
            boolean reachable = mustReach.stream().allMatch(site -> {
                Set<SiteId> holders = new HashSet<>(cohort.terms.graph().holders(site));
                holders.retainAll(left);
                return holders.size() >= cohort.terms.threshold();
            });
            if (!reachable || left.size() < 2) {
                left.add(candidate);
            }
        }
        return left;
    }

    /** SumIsExact, with sites that are not announced and sites that drop out. */
    @Property(tries = 15)
    void round_onAHararyGraph_givesThePlainSum(
            @ForAll @IntRange(min = 6, max = 16) int n,
            @ForAll @IntRange(max = 12) int some,
            @ForAll @IntRange(max = 4) int absent,
            @ForAll @IntRange(max = 6) int dropouts,
            @ForAll long seed)
            throws Exception {
        int degree = degree(n, some);
        TestCohort cohort = TestCohort.harary(n, degree, Thresholds.least(degree, 0), seed);
        Random random = new Random(seed);
        SortedSet<SiteId> announced = thinned(cohort, cohort.everyone(), false, absent, random);
        SortedSet<SiteId> survivors = thinned(cohort, announced, true, dropouts, random);

        assertSumIsExact(cohort, RoundGroups.single(announced), survivors, random);
    }

    /** Every group's sum on its own, and unmasked with its own seeds alone. */
    @Property(tries = 15)
    void round_inGroups_givesThePlainSumOfEach(
            @ForAll @IntRange(min = 4, max = 14) int n,
            @ForAll @IntRange(max = 6) int some,
            @ForAll @IntRange(max = 6) int dropouts,
            @ForAll long seed)
            throws Exception {
        TestCohort cohort = TestCohort.of(n, 1, seed);
        Random random = new Random(seed);
        int count = 1 + some % (n / 2);
        RoundGroups groups = RoundGroups.draw(cohort.sealHash, cohort.round(0), cohort.everyone(), count);
        SortedSet<SiteId> survivors = new TreeSet<>(cohort.everyone());
        List<SiteId> order = new ArrayList<>(survivors);
        Collections.shuffle(order, random);
        for (SiteId dropout : order.subList(0, Math.min(dropouts, n - cohort.terms.threshold()))) {
            SortedSet<SiteId> left = new TreeSet<>(groups.members(groups.groupOf(dropout)));
            left.retainAll(survivors);
            if (left.size() > 2) {
                survivors.remove(dropout);
            }
        }

        assertSumIsExact(cohort, groups, survivors, random);
    }

    private static void assertSumIsExact(
            TestCohort cohort, RoundGroups groups, SortedSet<SiteId> survivors, Random random) throws Exception {
        RoundId round = cohort.round(0);
        SortedMap<Integer, int[]> plainSums = new TreeMap<>();
        SortedMap<Integer, int[]> maskedSums = new TreeMap<>();
        SurvivorSet set = new SurvivorSet(round, groups, survivors);
        Unmasking unmasking = cohort.unmasking(set);
        for (SiteId site : survivors) {
            int group = groups.groupOf(site);
            int[] plain = random.ints(ENTRIES).toArray();
            TestCohort.add(plainSums.computeIfAbsent(group, any -> new int[ENTRIES]), plain);
            TestCohort.add(
                    maskedSums.computeIfAbsent(group, any -> new int[ENTRIES]),
                    cohort.masked(site, round, MODEL, groups, plain));
            unmasking.accept(site, cohort.answer(site, set).shares());
        }
        assertThat(unmasking.ready()).isTrue();

        SortedMap<Integer, List<SignedSeed>> seeds = unmasking.seeds();
        assertThat(seeds.keySet()).isEqualTo(plainSums.keySet());
        maskedSums.forEach((group, sum) -> {
            assertThat(sum).isNotEqualTo(plainSums.get(group));
            TestCohort.unmask(sum, seeds.get(group));
            assertThat(sum).isEqualTo(plainSums.get(group));
        });
    }

    /** Pairwise keys of dropouts are used for their neighbours alone. */
    @Property(tries = 10)
    void seeds_ofDropouts_areOnePerSurvivingNeighbour(@ForAll @IntRange(max = 3) int dropouts, @ForAll long seed)
            throws Exception {
        TestCohort cohort = TestCohort.harary(12, 6, 4, seed);
        SortedSet<SiteId> survivors = thinned(cohort, cohort.everyone(), true, dropouts, new Random(seed));
        SurvivorSet set = TestCohort.set(cohort.round(0), cohort.everyone(), survivors);
        Unmasking unmasking = cohort.unmasking(set);
        for (SiteId site : survivors) {
            unmasking.accept(site, cohort.answer(site, set).shares());
        }
        int expected = survivors.size();
        for (SiteId dropout : set.dropouts()) {
            SortedSet<SiteId> neighbours = cohort.terms.graph().neighbours(dropout);
            neighbours.retainAll(survivors);
            expected += neighbours.size();
        }
        assertThat(unmasking.seeds().get(0)).hasSize(expected);
    }

    /**
     * NeverBothSecrets: a server that tells every honest site a story of its own, within what the sites do not refuse, and
     * as many colluding sites, which give both kinds, as the threshold allows for.
     */
    @Property(tries = 15)
    void stories_onAHararyGraph_neverGiveBothSecretsOfASite(
            @ForAll @IntRange(min = 8, max = 16) int n,
            @ForAll @IntRange(max = 12) int some,
            @ForAll @IntRange(max = 2) int colluders,
            @ForAll long seed)
            throws Exception {
        int degree = degree(n, some);
        int colluding = Math.min(colluders, degree - 2);
        int t = Thresholds.least(degree, colluding);
        TestCohort cohort = TestCohort.harary(n, degree, t, seed);
        Random random = new Random(seed);
        List<SiteId> order = new ArrayList<>(cohort.everyone());
        Collections.shuffle(order, random);
        Map<SiteId, Map<ShareKind, Integer>> gathered = new HashMap<>();
        for (SiteId site : order.subList(0, colluding)) {
            for (SiteId dealer : cohort.terms.graph().dealers(site)) {
                for (ShareKind kind : ShareKind.values()) {
                    count(gathered, dealer, kind);
                }
            }
        }
        for (SiteId site : order.subList(colluding, n)) {
            SurvivorSet story = TestCohort.set(cohort.round(0), cohort.everyone(), story(cohort, site, random));
            for (OpenedShare share : cohort.answer(site, story).shares().shares()) {
                count(gathered, share.of(), share.kind());
            }
        }
        for (SiteId honest : order.subList(colluding, n)) {
            Map<ShareKind, Integer> kinds = gathered.get(honest);
            int both = Math.min(kinds.getOrDefault(ShareKind.SELF_MASK, 0), kinds.getOrDefault(ShareKind.MASK_KEY, 0));
            assertThat(both).isLessThan(t);
        }
    }

    private static void count(Map<SiteId, Map<ShareKind, Integer>> gathered, SiteId of, ShareKind kind) {
        gathered.computeIfAbsent(of, any -> new EnumMap<>(ShareKind.class)).merge(kind, 1, Integer::sum);
    }

    /** What this site would still answer: t of its holders alive and itself, all others dead or alive at random. */
    private static SortedSet<SiteId> story(TestCohort cohort, SiteId site, Random random) {
        List<SiteId> holders = new ArrayList<>(cohort.terms.graph().holders(site));
        Collections.shuffle(holders, random);
        SortedSet<SiteId> alive = new TreeSet<>(holders.subList(0, cohort.terms.threshold()));
        alive.add(site);
        cohort.everyone().stream().filter(other -> random.nextBoolean()).forEach(alive::add);
        return alive;
    }
}
