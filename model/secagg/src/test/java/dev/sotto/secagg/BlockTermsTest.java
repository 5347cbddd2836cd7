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
        return BlockTerms.complete(terms.block(), first, rounds, cohort, threshold);
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
    void leastForkedSum_workedExamples() {
        assertThat(Thresholds.leastForkedSum(4, 3, 3, 0)).isEqualTo(3);
        assertThat(Thresholds.leastForkedSum(100, 56, 30, 0)).isEqualTo(22);
        assertThat(Thresholds.leastForkedSum(100, 56, 30, 10)).isEqualTo(4);
        assertThat(Thresholds.leastForkedSum(100, 56, 70, 10)).isEqualTo(32);
        assertThat(Thresholds.leastForkedSum(100, 56, 100, 10)).isEqualTo(90);
        assertThatIllegalArgumentException().isThrownBy(() -> Thresholds.leastForkedSum(4, 3, 3, 3));
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
    void terms_sparseGraph_thresholdIsAMajorityOfTheNeighbours() {
        TestCohort sparse = TestCohort.harary(10, 4, 3, 12);
        SortedMap<SiteId, AgreementPublicKey> cohort = sparse.terms.cohort();
        NeighbourGraph graph = sparse.terms.graph();
        BlockId block = sparse.terms.block();

        assertThat(new BlockTerms(block, 1, 1, cohort, graph, 4).graph()).isEqualTo(graph);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BlockTerms(block, 1, 1, cohort, graph, 2))
                .withMessageContaining("threshold is 2 but must be 3 to 4 for 4 holders");
        assertThatIllegalArgumentException().isThrownBy(() -> new BlockTerms(block, 1, 1, cohort, graph, 5));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BlockTerms(block, 1, 1, cohort.headMap(site(9)), graph, 3))
                .withMessageContaining("of exactly the cohort's 9 sites");
    }

    @Test
    void rosterRoot_graphDiffers_isAnother() {
        TestCohort sparse = TestCohort.harary(10, 4, 3, 12);
        SortedMap<SiteId, AgreementPublicKey> cohort = sparse.terms.cohort();
        byte[] beacon = sparse.terms.graph().beacon();
        List<String> roots = new ArrayList<>();
        for (NeighbourGraph graph : List.of(
                NeighbourGraph.complete(cohort.keySet()),
                sparse.terms.graph(),
                NeighbourGraph.harary(cohort.keySet(), 6, beacon),
                NeighbourGraph.harary(cohort.keySet(), 4, new byte[32]))) {
            int threshold = graph.isComplete() ? 6 : 4;
            roots.add(HexFormat.of()
                    .formatHex(new BlockTerms(sparse.terms.block(), 9, 1, cohort, graph, threshold).rosterRoot()));
        }
        assertThat(roots).doesNotHaveDuplicates();
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
                BlockTerms.complete(new BlockId(new TaskId("demo"), 3), 9, 2, terms.cohort(), 3))) {
            roots.add(HexFormat.of().formatHex(other.rosterRoot()));
        }
        assertThat(roots).doesNotHaveDuplicates();
        assertThat(terms(9, 2, terms.cohort(), 3).rosterRoot()).isEqualTo(terms.rosterRoot());
    }
}
