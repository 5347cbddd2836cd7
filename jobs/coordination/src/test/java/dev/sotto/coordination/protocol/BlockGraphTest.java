package dev.sotto.coordination.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.secagg.NeighbourGraph;
import dev.sotto.secagg.SiteId;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class BlockGraphTest {
    private final SortedMap<SiteId, byte[]> cohort = cohort(12);
    private final BlockGraph complete = new BlockGraph(7, 0, new byte[0], cohort);
    private final byte[] beacon = new byte[32];
    private final BlockGraph ring = new BlockGraph(3, 4, beacon, cohort);
    private final SortedSet<SiteId> all = new TreeSet<>(cohort.keySet());

    @Test
    void completeGraph_keepsAllOrNobody() {
        SortedSet<SiteId> seven = new TreeSet<>(all.stream().limit(7).toList());
        assertThat(complete.reachable(seven)).isEqualTo(seven);
        seven.remove(seven.first());
        assertThat(complete.reachable(seven)).isEmpty();
        assertThat(complete.lost(all, seven)).isEqualTo(all);
    }

    @Test
    void sparseGraph_cutsWhoeverHasTooFewHolders() {
        assertThat(ring.reachable(all)).isEqualTo(all);
        assertThat(ring.lost(all, all)).isEmpty();
        SiteId site = all.first();
        SortedSet<SiteId> left = new TreeSet<>(all);
        left.removeAll(NeighbourGraph.harary(all, 4, beacon).holders(site).headSet(new SiteId("zz")));
        assertThat(left).contains(site);
        assertThat(ring.lost(all, left)).contains(site);
        assertThat(ring.reachable(left)).doesNotContain(site);
    }

    @Test
    void sparseGraph_cutsAgainAfterACut() {
        // Any two in a row leave their neighbours three holders, which is just enough; a third one starts a slide.
        SortedSet<SiteId> left = new TreeSet<>(all);
        for (SiteId holder : NeighbourGraph.harary(all, 4, beacon).holders(all.first())) {
            left.remove(holder);
        }
        SortedSet<SiteId> stable = ring.reachable(left);
        assertThat(ring.lost(stable, stable)).isEmpty();
        assertThat(ring.reachable(stable)).isEqualTo(stable);
    }

    private static SortedMap<SiteId, byte[]> cohort(int sites) {
        SortedMap<SiteId, byte[]> cohort = new TreeMap<>();
        for (int i = 0; i < sites; i++) {
            cohort.put(new SiteId("site-%02d".formatted(i)), new byte[32]);
        }
        return cohort;
    }
}
