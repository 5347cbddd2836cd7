package dev.sotto.secagg;

import static dev.sotto.secagg.TestCohort.site;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BlockTermsTest {
    private final BlockTerms terms = TestCohort.of(4, 2, 12).terms;

    private BlockTerms terms(int first, int rounds, SortedMap<SiteId, AgreementPublicKey> cohort, int threshold) {
        return new BlockTerms(terms.block(), first, rounds, cohort, threshold);
    }

    @Property
    void completeGraph_anyColluders_neverBothSecrets(
            @ForAll @IntRange(min = 2, max = 200) int n, @ForAll @IntRange(max = 198) int some) {
        int colluding = some % (n - 1);
        int t = Thresholds.completeGraph(n, colluding);

        // Honest sites give one share each, colluders both: never t of each kind, and t - 1 would not be enough.
        assertThat(2 * t).isGreaterThan(n + colluding);
        assertThat(2 * (t - 1)).isLessThanOrEqualTo(n + colluding);
        assertThat(t).isBetween(1, n);
        assertThat(Thresholds.toleratedColluders(n, t)).isGreaterThanOrEqualTo(colluding);
    }

    @Test
    void completeGraph_fourSites_toleratesOneDropoutAndOneColluder() {
        assertThat(Thresholds.completeGraph(4)).isEqualTo(3);
        assertThat(Thresholds.toleratedColluders(4, 3)).isEqualTo(1);
        assertThatIllegalArgumentException().isThrownBy(() -> Thresholds.completeGraph(1));
        assertThatIllegalArgumentException().isThrownBy(() -> Thresholds.completeGraph(4, 3));
    }

    @Test
    void terms_outOfRange_refusedNamingTheBound() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> terms(9, 2, terms.cohort(), 2))
                .withMessageContaining("3 to 4");
        assertThatIllegalArgumentException().isThrownBy(() -> terms(9, 2, terms.cohort(), 5));
        assertThatIllegalArgumentException().isThrownBy(() -> terms(0, 2, terms.cohort(), 3));
        assertThatIllegalArgumentException().isThrownBy(() -> terms(9, 0, terms.cohort(), 3));
        assertThatIllegalArgumentException().isThrownBy(() -> terms(9, 65, terms.cohort(), 3));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> terms(9, 2, terms.cohort().headMap(site(1)), 1));
    }

    @Test
    void contains_round_onlyOfThisTaskAndBlock() {
        assertThat(terms.contains(new RoundId(new TaskId("demo"), 9))).isTrue();
        assertThat(terms.contains(new RoundId(new TaskId("demo"), 10))).isTrue();
        assertThat(terms.contains(new RoundId(new TaskId("demo"), 8))).isFalse();
        assertThat(terms.contains(new RoundId(new TaskId("demo"), 11))).isFalse();
        assertThat(terms.contains(new RoundId(new TaskId("other"), 9))).isFalse();
    }

    @Test
    void rosterRoot_anyTermDiffers_isAnother() {
        SortedMap<SiteId, AgreementPublicKey> otherKey = new TreeMap<>(terms.cohort());
        otherKey.put(site(0), terms.cohort().get(site(1)));

        List<String> roots = new ArrayList<>();
        for (BlockTerms other : List.of(
                terms,
                terms(9, 2, terms.cohort(), 4),
                terms(9, 3, terms.cohort(), 3),
                terms(8, 2, terms.cohort(), 3),
                terms(9, 2, otherKey, 3),
                new BlockTerms(new BlockId(new TaskId("demo"), 3), 9, 2, terms.cohort(), 3))) {
            roots.add(HexFormat.of().formatHex(other.rosterRoot()));
        }
        assertThat(roots).doesNotHaveDuplicates();
        assertThat(terms(9, 2, terms.cohort(), 3).rosterRoot()).isEqualTo(terms.rosterRoot());
    }
}
