package dev.sotto.secagg;

import static dev.sotto.secagg.TestCohort.site;
import static dev.sotto.secagg.TestCohort.sites;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DisclosingTest {
    private static byte[] secretOf(SiteId site) {
        return Sha256.of(LengthPrefixed.text(site));
    }

    private static Disclosure answer(TestCohort cohort, SiteId site, SurvivorSet survivors) {
        return Disclosing.disclose(
                cohort.secrets.get(site), survivors, secretOf(site), new SeededRandom(site.hashCode()));
    }

    private static SortedMap<SiteId, Disclosure> answers(
            TestCohort cohort, Collection<SiteId> who, SurvivorSet survivors) {
        SortedMap<SiteId, Disclosure> answers = new TreeMap<>();
        who.forEach(site -> answers.put(site, answer(cohort, site, survivors)));
        return answers;
    }

    @Property(tries = 30)
    void open_thresholdOfAnswersForTheSameSurvivors_givesTheSecretsOfThoseWhoAnswered(
            @ForAll @IntRange(min = 2, max = 9) int n, @ForAll @IntRange(max = 8) int dropouts, @ForAll long seed) {
        TestCohort cohort = TestCohort.of(n, 2, seed);
        int t = cohort.terms.threshold();
        List<SiteId> alive = new ArrayList<>(cohort.everyone()).subList(0, Math.max(t, n - dropouts));
        SurvivorSet set = TestCohort.set(cohort.round(1), cohort.everyone(), new TreeSet<>(alive));
        SortedMap<SiteId, byte[]> opened =
                Disclosing.open(set, t, answers(cohort, alive.subList(alive.size() - t, alive.size()), set));
        assertThat(opened).hasSize(t);
        opened.forEach((site, secret) -> assertThat(secret).isEqualTo(secretOf(site)));
        assertThat(Disclosing.open(set, t, answers(cohort, alive.subList(0, t - 1), set)))
                .isEmpty();
    }

    /** The honest sites are told two stories, and a server puts the keys of either where they would fit the other. */
    @Test
    void open_answersForTwoSetsOfSurvivors_neverOpensTheSecretsOfBoth() {
        TestCohort cohort = TestCohort.of(7, 1, 3);
        int t = cohort.terms.threshold();
        SortedSet<SiteId> everyone = cohort.everyone();
        SurvivorSet all = TestCohort.set(cohort.round(0), everyone, everyone);
        SurvivorSet some = TestCohort.set(cohort.round(0), everyone, sites(0, 1, 2, 3, 4));
        List<SiteId> order = List.copyOf(everyone);
        for (int told = 0; told <= 5; told++) {
            SortedMap<SiteId, Disclosure> ofSome = answers(cohort, order.subList(0, told), some);
            SortedMap<SiteId, Disclosure> ofAll = answers(cohort, order.subList(told, 7), all);
            SortedMap<SiteId, Disclosure> forAll = new TreeMap<>(ofAll);
            ofSome.forEach((site, answer) -> forAll.put(site, resized(answer, 7)));
            SortedMap<SiteId, Disclosure> forSome = new TreeMap<>(ofSome);
            ofAll.forEach((site, answer) -> forSome.put(site, resized(answer, 5)));
            assertThat(Disclosing.open(all, t, forAll)).hasSize(7 - told >= t ? 7 - told : 0);
            assertThat(Disclosing.open(some, t, forSome)).hasSize(told >= t ? told : 0);
        }
    }

    /** The keys without the boxes, of more or fewer survivors: those that are in both sets stand in the same places. */
    private static Disclosure resized(Disclosure answer, int survivors) {
        List<byte[]> keys = new ArrayList<>(
                answer.keys().subList(0, Math.min(survivors, answer.keys().size())));
        while (keys.size() < survivors) {
            keys.add(new byte[Disclosure.KEY_BYTES]);
        }
        return new Disclosure(keys, List.of());
    }

    @Test
    void open_answersForAnotherRoundOrOtherAnnounced_opensNothing() {
        TestCohort cohort = TestCohort.of(5, 2, 4);
        SortedSet<SiteId> alive = sites(0, 1, 2, 3);
        SurvivorSet set = TestCohort.set(cohort.round(0), cohort.everyone(), alive);
        SortedMap<SiteId, Disclosure> answers = answers(cohort, alive, set);
        assertThat(Disclosing.open(set, 3, answers)).hasSize(4);
        for (SurvivorSet other : List.of(
                TestCohort.set(cohort.round(1), cohort.everyone(), alive),
                TestCohort.set(cohort.round(0), alive, alive))) {
            SortedMap<SiteId, Disclosure> mixed = answers(cohort, sites(0, 1), other);
            mixed.putAll(answers(cohort, sites(2, 3), set));
            assertThat(Disclosing.open(set, 3, mixed)).isEmpty();
        }
    }

    @Test
    void open_holderWithWrongKeys_isMadeUpForByTheOthers() {
        TestCohort cohort = TestCohort.of(4, 1, 5);
        SurvivorSet set = TestCohort.set(cohort.round(0), cohort.everyone(), cohort.everyone());
        SortedMap<SiteId, Disclosure> answers = answers(cohort, cohort.everyone(), set);
        Disclosure good = answers.get(site(2));
        List<byte[]> wrong = new ArrayList<>();
        good.keys().forEach(key -> wrong.add(new byte[Disclosure.KEY_BYTES]));
        answers.put(site(2), new Disclosure(wrong, good.boxes()));
        assertThat(Disclosing.open(set, 3, answers)).hasSize(4);
        answers.put(site(2), new Disclosure(good.keys(), List.of()));
        assertThat(Disclosing.open(set, 3, answers)).containsOnlyKeys(sites(0, 1, 3));
    }

    @Test
    void disclose_withoutASecret_helpsTheOthersOnly() {
        TestCohort cohort = TestCohort.of(3, 1, 6);
        SurvivorSet set = TestCohort.set(cohort.round(0), cohort.everyone(), cohort.everyone());
        SortedMap<SiteId, Disclosure> answers = answers(cohort, cohort.everyone(), set);
        answers.put(site(0), Disclosing.disclose(cohort.secrets(0), set, null, new SeededRandom(1)));
        answers.remove(site(1));
        assertThat(Disclosing.open(set, 2, answers)).containsOnlyKeys(sites(2));
    }

    @Test
    void disclose_whereItIsNotSafe_isRefused() {
        TestCohort sparse = TestCohort.harary(12, 6, 5, 7);
        SurvivorSet ofSparse = TestCohort.set(sparse.round(0), sparse.everyone(), sparse.everyone());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> answer(sparse, site(0), ofSparse))
                .withMessageContaining("complete graph");
        TestCohort cohort = TestCohort.of(5, 1, 8);
        SurvivorSet without = TestCohort.set(cohort.round(0), cohort.everyone(), sites(1, 2, 3));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> answer(cohort, site(0), without))
                .withMessageContaining("site-000");
        SurvivorSet few = TestCohort.set(cohort.round(0), cohort.everyone(), sites(0, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> answer(cohort, site(0), few))
                .withMessageContaining("threshold of 3");
        assertThat(answer(cohort, site(1), without)).hasToString("disclosure with 3 keys and 3 boxes");
    }
}
