package dev.sotto.secagg;

import static dev.sotto.secagg.TestCohort.site;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Comparator;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BeaconTest {
    private final SeededRandom random = new SeededRandom(32);
    private final BlockId block = new BlockId(new TaskId("demo"), 4);
    private final byte[] nonce = random.bytes(32);
    private final byte[] offer = random.bytes(32);

    private SortedMap<SiteId, byte[]> nonces() {
        SortedMap<SiteId, byte[]> nonces = new TreeMap<>();
        for (int i = 0; i < 5; i++) {
            nonces.put(site(i), random.bytes(32));
        }
        return nonces;
    }

    @Test
    void opens_theNonceCommittedTo_alone() {
        byte[] commitment = Beacon.commitment(block, site(1), nonce);

        assertThat(commitment).hasSize(32);
        assertThat(Beacon.opens(commitment, block, site(1), nonce)).isTrue();
        assertThat(Beacon.opens(commitment, block, site(2), nonce)).isFalse();
        assertThat(Beacon.opens(commitment, new BlockId(block.task(), 5), site(1), nonce))
                .isFalse();
        assertThat(Beacon.opens(commitment, block, site(1), random.bytes(32))).isFalse();
        assertThat(Beacon.opens(commitment, block, site(1), new byte[31])).isFalse();
        assertThat(Beacon.opens(new byte[0], block, site(1), nonce)).isFalse();
    }

    @Test
    void beacon_anyPartDiffers_isAnother() {
        SortedMap<SiteId, byte[]> nonces = nonces();
        byte[] beacon = Beacon.of(offer, nonces);

        assertThat(beacon).hasSize(NeighbourGraph.BEACON_BYTES).isEqualTo(Beacon.of(offer, nonces));
        assertThat(Beacon.of(random.bytes(32), nonces)).isNotEqualTo(beacon);
        byte[] one = nonces.put(site(3), random.bytes(32));
        assertThat(Beacon.of(offer, nonces)).isNotEqualTo(beacon);
        nonces.remove(site(3));
        assertThat(Beacon.of(offer, nonces)).isNotEqualTo(beacon);
        nonces.put(site(7), one);
        assertThat(Beacon.of(offer, nonces)).isNotEqualTo(beacon);
    }

    @Test
    void beacon_badArguments_refused() {
        SortedMap<SiteId, byte[]> nonces = nonces();
        SortedMap<SiteId, byte[]> backwards = new TreeMap<>(Comparator.reverseOrder());
        backwards.putAll(nonces);

        assertThatIllegalArgumentException().isThrownBy(() -> Beacon.of(new byte[31], nonces));
        assertThatIllegalArgumentException().isThrownBy(() -> Beacon.of(offer, new TreeMap<>()));
        assertThatIllegalArgumentException().isThrownBy(() -> Beacon.of(offer, backwards));
        nonces.put(site(2), new byte[16]);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Beacon.of(offer, nonces))
                .withMessageContaining("nonce of site-002 is 16 but must be 32 bytes");
        assertThatIllegalArgumentException().isThrownBy(() -> Beacon.commitment(block, site(1), new byte[33]));
    }

    /** On a ring of degree two, how often each other site stands next to the first: 14 degrees of freedom, 99.99 %: 42.6. */
    @Test
    void ring_manyBeacons_everySiteAnywhereAlikeOften() {
        SortedMap<SiteId, byte[]> nonces = new TreeMap<>();
        for (int i = 0; i < 16; i++) {
            nonces.put(site(i), random.bytes(32));
        }
        int[] beside = new int[16];
        int draws = 7_500;
        for (int draw = 0; draw < draws; draw++) {
            nonces.put(site(5), random.bytes(32));
            NeighbourGraph graph = NeighbourGraph.harary(nonces.keySet(), 2, Beacon.of(offer, nonces));
            for (int i = 1; i < 16; i++) {
                beside[i] += graph.holds(site(i), site(0)) ? 1 : 0;
            }
        }
        double expected = 2.0 * draws / 15;
        double chiSquare = 0;
        for (int i = 1; i < 16; i++) {
            chiSquare += (beside[i] - expected) * (beside[i] - expected) / expected;
        }
        assertThat(chiSquare).isLessThan(42.6);
    }
}
