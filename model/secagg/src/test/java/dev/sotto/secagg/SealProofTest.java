package dev.sotto.secagg;

import static dev.sotto.secagg.TestCohort.site;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SealProofTest {
    private static SortedMap<SiteId, byte[]> hashes(int n) {
        SeededRandom random = new SeededRandom(n);
        SortedMap<SiteId, byte[]> hashes = new TreeMap<>();
        for (int i = 0; i < n; i++) {
            hashes.put(site(i), random.bytes(32));
        }
        return hashes;
    }

    @Property(tries = 100)
    void verify_anySite_leadsToTheSeal(
            @ForAll @IntRange(min = 1, max = 70) int n, @ForAll @IntRange(max = 69) int place) {
        SortedMap<SiteId, byte[]> hashes = hashes(n);
        SiteId site = site(place % n);
        SealProof proof = SealProof.of(hashes, site);

        assertThat(proof.index()).isEqualTo(place % n);
        assertThat(proof.verify(SealHash.of(hashes), hashes.get(site), n)).isTrue();
        assertThat(new SealProof(site, proof.index(), n, proof.siblings())).isEqualTo(proof);
    }

    @Property(tries = 100)
    void verify_anythingElse_isFalse(
            @ForAll @IntRange(min = 2, max = 40) int n,
            @ForAll @IntRange(max = 39) int place,
            @ForAll @IntRange(max = 31) int at) {
        SortedMap<SiteId, byte[]> hashes = hashes(n);
        byte[] seal = SealHash.of(hashes);
        SiteId site = site(place % n);
        SiteId other = site((place + 1) % n);
        byte[] hash = hashes.get(site);
        SealProof proof = SealProof.of(hashes, site);

        assertThat(proof.verify(seal, hashes.get(other), n)).isFalse();
        assertThat(proof.verify(seal, hash, n + 1)).isFalse();
        assertThat(proof.verify(seal, new byte[31], n)).isFalse();
        assertThat(new SealProof(other, proof.index(), n, proof.siblings()).verify(seal, hash, n))
                .isFalse();
        assertThat(new SealProof(site, (proof.index() + 1) % n, n, proof.siblings()).verify(seal, hash, n))
                .isFalse();
        List<byte[]> siblings = new ArrayList<>(proof.siblings());
        siblings.get(at % siblings.size())[at] ^= 1;
        assertThat(new SealProof(site, proof.index(), n, siblings).verify(seal, hash, n))
                .isFalse();
        assertThat(new SealProof(site, proof.index(), n, siblings.subList(1, siblings.size())).verify(seal, hash, n))
                .isFalse();
        byte[] otherSeal = seal.clone();
        otherSeal[at] ^= 1;
        assertThat(proof.verify(otherSeal, hash, n)).isFalse();
    }

    @Test
    void proof_malformed_refused() {
        SortedMap<SiteId, byte[]> hashes = hashes(4);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> SealProof.of(hashes, site(9)))
                .withMessageContaining("site-009");
        assertThatIllegalArgumentException().isThrownBy(() -> new SealProof(site(0), 4, 4, List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new SealProof(site(0), 0, 0, List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new SealProof(site(0), 0, 2, List.of(new byte[31])));
    }

    @Test
    void siblings_changedFromOutside_keepTheirOwn() {
        SealProof proof = SealProof.of(hashes(4), site(0));
        proof.siblings().get(0)[0]++;

        assertThat(proof.verify(SealHash.of(hashes(4)), hashes(4).get(site(0)), 4))
                .isTrue();
        assertThat(proof).hasToString("proof that site-000 is sealed in place 0 of 4");
    }
}
