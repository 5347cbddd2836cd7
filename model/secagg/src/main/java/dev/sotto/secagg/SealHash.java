package dev.sotto.secagg;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/** What seals a block: the Merkle root over the hashes of all signed bundles, in the order of their sites. */
public final class SealHash {
    private static final byte[] LEAF_PREFIX = {0};
    private static final byte[] LABEL = LengthPrefixed.text("sotto/seal/v1");

    private SealHash() {}

    /**
     * Computes the root, 32 bytes.
     *
     * @param bundleHashes for every site of the roster the 32-byte hash of its signed bundle; sorted by site
     * @throws IllegalArgumentException if there is no bundle, a hash is not 32 bytes long, or the order is another
     */
    public static byte[] of(SortedMap<SiteId, byte[]> bundleHashes) {
        return tree(bundleHashes).root();
    }

    static MerkleTree tree(SortedMap<SiteId, byte[]> bundleHashes) {
        Require.that(
                bundleHashes.comparator() == null, "order of bundles", "by a comparator", "the natural order of sites");
        List<byte[]> leaves = new ArrayList<>(bundleHashes.size());
        bundleHashes.forEach((site, hash) -> leaves.add(leaf(site, hash)));
        return MerkleTree.of(leaves);
    }

    static byte[] leaf(SiteId site, byte[] bundleHash) {
        byte[] hash = Require.copy("hash of the bundle of " + site, bundleHash, Require.HASH_BYTES);
        return Sha256.of(LEAF_PREFIX, LengthPrefixed.of(LABEL, LengthPrefixed.text(site), hash));
    }
}
