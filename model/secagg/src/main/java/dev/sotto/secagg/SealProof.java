package dev.sotto.secagg;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;

/**
 * The proof that a site's bundle is in a block's seal: with it a site needs the bundles of its neighbours alone and not of
 * the whole cohort. Immutable.
 *
 * @param site whose bundle it is
 * @param index the place of the site among the sorted sites of the seal, from zero
 * @param leaves how many sites are in the seal
 * @param siblings 32 bytes each, from the leaf to the root
 */
public record SealProof(SiteId site, int index, int leaves, List<byte[]> siblings) {
    /** @throws IllegalArgumentException if the place is not one of the leaves, or a sibling is not 32 bytes long */
    public SealProof {
        Require.that(leaves >= 1, "number of sites in a seal", leaves, "1 or more");
        Require.that(index >= 0 && index < leaves, "place in a seal", index, "0 to " + (leaves - 1));
        siblings = copy(siblings);
    }

    /**
     * Makes the proof for one site.
     *
     * @param bundleHashes of all sites, as {@link SealHash#of} takes them
     * @throws IllegalArgumentException if the site is not among them, or they make no seal
     */
    public static SealProof of(SortedMap<SiteId, byte[]> bundleHashes, SiteId site) {
        Require.that(bundleHashes.containsKey(site), "site", site, "one of those whose bundles are sealed");
        int index = bundleHashes.headMap(site).size();
        MerkleTree tree = SealHash.tree(bundleHashes);
        return new SealProof(site, index, tree.leaves(), tree.proof(index));
    }

    /**
     * Whether the proof leads from the bundle to the seal.
     *
     * @param sealHash 32 bytes, from the signed seal
     * @param bundleHash 32 bytes, of the site's signed bundle
     * @param sites how many sites the signed seal says it is over: a proof for another number is none
     */
    public boolean verify(byte[] sealHash, byte[] bundleHash, int sites) {
        return leaves == sites
                && bundleHash.length == Require.HASH_BYTES
                && MerkleTree.verify(sealHash, SealHash.leaf(site, bundleHash), index, leaves, siblings);
    }

    @Override
    public List<byte[]> siblings() {
        return copy(siblings);
    }

    private static List<byte[]> copy(List<byte[]> hashes) {
        List<byte[]> copies = new ArrayList<>(hashes.size());
        for (byte[] hash : hashes) {
            copies.add(Require.copy("sibling in a seal", hash, Require.HASH_BYTES));
        }
        return copies;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SealProof proof
                && site.equals(proof.site)
                && index == proof.index
                && leaves == proof.leaves
                && Arrays.deepEquals(siblings.toArray(), proof.siblings.toArray());
    }

    @Override
    public int hashCode() {
        return 31 * site.hashCode() + index;
    }

    @Override
    public String toString() {
        return "proof that " + site + " is sealed in place " + index + " of " + leaves;
    }
}
