package dev.sotto.secagg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MerkleTreeTest {
    private static final RoundId ROUND = new RoundId(new TaskId("t"), 1);
    private static final SiteId SITE = new SiteId("a");

    private static List<byte[]> leaves(int n) {
        List<byte[]> leaves = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            leaves.add(ChunkHash.of(ROUND, SITE, new ChunkIndex(i), new byte[] {1}));
        }
        return leaves;
    }

    @Property(tries = 200)
    void proof_anyLeaf_leadsToTheRoot(
            @ForAll @IntRange(min = 1, max = 70) int n, @ForAll @IntRange(max = 69) int place) {
        int index = place % n;
        List<byte[]> leaves = leaves(n);
        MerkleTree tree = MerkleTree.of(leaves);

        assertThat(MerkleTree.verify(tree.root(), leaves.get(index), index, n, tree.proof(index)))
                .isTrue();
    }

    @Property(tries = 200)
    void proof_tampered_doesNotVerify(
            @ForAll @IntRange(min = 2, max = 40) int n,
            @ForAll @IntRange(max = 39) int place,
            @ForAll @IntRange(max = 31) int at) {
        int index = place % n;
        List<byte[]> leaves = leaves(n);
        MerkleTree tree = MerkleTree.of(leaves);
        byte[] root = tree.root();
        byte[] leaf = leaves.get(index);
        List<byte[]> proof = tree.proof(index);

        byte[] otherLeaf = leaf.clone();
        otherLeaf[at] ^= 1;
        assertThat(MerkleTree.verify(root, otherLeaf, index, n, proof)).isFalse();
        assertThat(MerkleTree.verify(root, leaf, (index + 1) % n, n, proof)).isFalse();
        assertThat(MerkleTree.verify(root, leaf, index, n, proof.subList(1, proof.size())))
                .isFalse();
        List<byte[]> longer = new ArrayList<>(proof);
        longer.add(new byte[32]);
        assertThat(MerkleTree.verify(root, leaf, index, n, longer)).isFalse();
        proof.get(at % proof.size())[at] ^= 1;
        assertThat(MerkleTree.verify(root, leaf, index, n, proof)).isFalse();
    }

    @Test
    void verify_malformed_isFalse() {
        byte[] root = MerkleTree.of(leaves(3)).root();

        assertThat(MerkleTree.verify(root, new byte[5], 0, 3, List.of())).isFalse();
        assertThat(MerkleTree.verify(root, root, -1, 3, List.of())).isFalse();
        assertThat(MerkleTree.verify(root, root, 0, 0, List.of())).isFalse();
        assertThat(MerkleTree.verify(root, root, 0, 2, List.of(new byte[31]))).isFalse();
        assertThat(MerkleTree.verify(new byte[0], root, 0, 1, List.of())).isFalse();
    }

    @Test
    void of_badLeaves_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> MerkleTree.of(List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> MerkleTree.of(List.of(new byte[31])));
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> MerkleTree.of(leaves(2)).proof(2));
    }

    @Test
    void chunkHash_anyCoordinateDiffers_isAnother() {
        byte[] data = {1, 2, 3};
        byte[] hash = ChunkHash.of(ROUND, SITE, new ChunkIndex(0), data);

        assertThat(ChunkHash.of(ROUND, SITE, new ChunkIndex(0), new byte[] {0, 1, 2, 3, 4}, 1, 3))
                .isEqualTo(hash);
        assertThat(ChunkHash.of(ROUND, SITE, new ChunkIndex(1), data)).isNotEqualTo(hash);
        assertThat(ChunkHash.of(ROUND, new SiteId("b"), new ChunkIndex(0), data))
                .isNotEqualTo(hash);
        assertThat(ChunkHash.of(new RoundId(new TaskId("t"), 2), SITE, new ChunkIndex(0), data))
                .isNotEqualTo(hash);
        assertThat(ChunkHash.of(ROUND, SITE, new ChunkIndex(0), new byte[] {1, 2}))
                .isNotEqualTo(hash);
    }

    @Test
    void sealHash_anyBundleDiffers_isAnother() {
        SortedMap<SiteId, byte[]> bundles = new TreeMap<>();
        bundles.put(SITE, new byte[32]);
        bundles.put(new SiteId("b"), new byte[32]);
        byte[] seal = SealHash.of(bundles);

        bundles.put(SITE, Sha256.of());
        assertThat(SealHash.of(bundles)).isNotEqualTo(seal);
        bundles.put(SITE, new byte[32]);
        bundles.put(new SiteId("c"), new byte[32]);
        assertThat(SealHash.of(bundles)).isNotEqualTo(seal);
        bundles.remove(new SiteId("c"));
        assertThat(SealHash.of(bundles)).isEqualTo(seal);
        assertThatIllegalArgumentException().isThrownBy(() -> SealHash.of(new TreeMap<>()));
    }
}
