package dev.sotto.secagg;

import static dev.sotto.secagg.TestCohort.site;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class NeighbourGraphTest {
    private static SortedSet<SiteId> cohort(int n) {
        SortedSet<SiteId> sites = new TreeSet<>();
        for (int i = 0; i < n; i++) {
            sites.add(site(i));
        }
        return sites;
    }

    private static NeighbourGraph harary(int n, int degree, long seed) {
        return NeighbourGraph.harary(cohort(n), degree, new SeededRandom(seed).bytes(32));
    }

    @Property(tries = 100)
    void harary_anySize_isRegularMutualAndLoopless(
            @ForAll @IntRange(min = 3, max = 40) int n,
            @ForAll @IntRange(min = 2, max = 39) int degree,
            @ForAll long seed) {
        Assume.that(degree < n && (degree % 2 == 0 || n % 2 == 0));
        NeighbourGraph graph = harary(n, degree, seed);

        for (SiteId site : graph.cohort()) {
            assertThat(graph.neighbours(site)).hasSize(degree).doesNotContain(site);
            assertThat(graph.holders(site)).isEqualTo(graph.neighbours(site)).isEqualTo(graph.dealers(site));
            for (SiteId other : graph.cohort()) {
                assertThat(graph.holds(other, site))
                        .isEqualTo(graph.holders(site).contains(other))
                        .isEqualTo(graph.holds(site, other));
            }
        }
        assertThat(graph.holders()).isEqualTo(degree);
    }

    @Property(tries = 50)
    void place_anyGraph_isTheIndexAmongTheSortedHolders(
            @ForAll @IntRange(min = 3, max = 24) int n, @ForAll @IntRange(max = 23) int degree, @ForAll long seed) {
        Assume.that(degree != 1 && degree < n && (degree % 2 == 0 || n % 2 == 0));
        byte[] beacon = degree == 0 ? new byte[0] : new SeededRandom(seed).bytes(32);
        NeighbourGraph graph = NeighbourGraph.of(cohort(n), degree, beacon);

        for (SiteId dealer : graph.cohort()) {
            List<SiteId> holders = List.copyOf(graph.holders(dealer));
            for (int i = 0; i < holders.size(); i++) {
                assertThat(graph.place(dealer, holders.get(i))).isEqualTo(i + 1);
            }
        }
    }

    /** What the graph is named for: fewer than k sites taken out do not part the rest. */
    @Property(tries = 100)
    void harary_fewerThanDegreeTakenOut_staysConnected(
            @ForAll @IntRange(min = 5, max = 30) int n,
            @ForAll @IntRange(min = 2, max = 29) int degree,
            @ForAll long seed) {
        Assume.that(degree < n && (degree % 2 == 0 || n % 2 == 0));
        NeighbourGraph graph = harary(n, degree, seed);
        List<SiteId> order = new ArrayList<>(graph.cohort());
        Collections.shuffle(order, new Random(seed));
        Set<SiteId> left = new HashSet<>(order.subList(degree - 1, n));

        Set<SiteId> reached = new HashSet<>();
        Deque<SiteId> next = new ArrayDeque<>(List.of(left.iterator().next()));
        while (!next.isEmpty()) {
            SiteId site = next.pop();
            if (reached.add(site)) {
                graph.neighbours(site).stream().filter(left::contains).forEach(next::push);
            }
        }
        assertThat(reached).isEqualTo(left);
    }

    @Test
    void complete_everyone_holdsSharesOfAllAndOfItself() {
        NeighbourGraph graph = NeighbourGraph.complete(cohort(5));

        assertThat(graph.neighbours(site(2))).containsExactly(site(0), site(1), site(3), site(4));
        assertThat(graph.holders(site(2))).isEqualTo(cohort(5)).isEqualTo(graph.dealers(site(2)));
        assertThat(graph.holds(site(2), site(2))).isTrue();
        assertThat(graph.isComplete()).isTrue();
        assertThat(graph.degree()).isZero();
        assertThat(graph.beacon()).isEmpty();
        assertThat(graph).hasToString("complete graph of 5 sites");
    }

    @Test
    void harary_otherBeacon_isAnotherOrder() {
        assertThat(harary(20, 4, 1)).isEqualTo(harary(20, 4, 1)).isNotEqualTo(harary(20, 4, 2));
        assertThat(harary(20, 4, 1).neighbours(site(0)))
                .isEqualTo(harary(20, 4, 1).neighbours(site(0)))
                .isNotEqualTo(harary(20, 4, 2).neighbours(site(0)));
    }

    @Test
    void graph_outOfRange_refusedNamingTheBound() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> harary(10, 10, 1))
                .withMessageContaining("is 10 but must be 2 to 9 for 10 sites");
        assertThatIllegalArgumentException().isThrownBy(() -> harary(10, 1, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> harary(9, 3, 1))
                .withMessageContaining("must be even for 9 sites");
        assertThatIllegalArgumentException().isThrownBy(() -> NeighbourGraph.harary(cohort(9), 4, new byte[31]));
        assertThatIllegalArgumentException().isThrownBy(() -> NeighbourGraph.of(cohort(9), 0, new byte[32]));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> harary(9, 4, 1).neighbours(site(9)))
                .withMessageContaining("site-009 is not in the cohort of 9");
        NeighbourGraph graph = harary(9, 2, 1);
        SiteId stranger = cohort(9).stream()
                .filter(other -> !graph.holds(other, site(0)) && !other.equals(site(0)))
                .findFirst()
                .orElseThrow();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> graph.place(site(0), stranger))
                .withMessageContaining("holds no shares of site-000");
    }
}
