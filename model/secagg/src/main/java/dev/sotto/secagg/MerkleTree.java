package dev.sotto.secagg;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A Merkle tree over 32-byte leaf hashes (RFC 9162, section 2.1): inner nodes are SHA-256(0x01 | left | right), and the
 * last node of an odd level moves up as it is. Leaf hashes are made with a 0x00 prefix by their owners
 * ({@link ChunkHash}, {@link SealHash}), so that no node passes for a leaf. Immutable.
 */
public final class MerkleTree {
    private static final byte[] NODE_PREFIX = {1};

    /** From the leaves up; the last level is the root alone. */
    private final List<List<byte[]>> levels;

    private MerkleTree(List<List<byte[]>> levels) {
        this.levels = levels;
    }

    /**
     * Builds the tree.
     *
     * @throws IllegalArgumentException if there is no leaf, or one is not 32 bytes long
     */
    public static MerkleTree of(List<byte[]> leafHashes) {
        Require.that(!leafHashes.isEmpty(), "number of leaves", 0, "1 or more");
        List<List<byte[]>> levels = new ArrayList<>();
        List<byte[]> level = new ArrayList<>(leafHashes.size());
        for (byte[] leaf : leafHashes) {
            level.add(Require.copy("leaf hash", leaf, Require.HASH_BYTES));
        }
        levels.add(level);
        while (level.size() > 1) {
            List<byte[]> above = new ArrayList<>((level.size() + 1) / 2);
            for (int i = 0; i + 1 < level.size(); i += 2) {
                above.add(node(level.get(i), level.get(i + 1)));
            }
            if (level.size() % 2 == 1) {
                above.add(level.get(level.size() - 1));
            }
            levels.add(above);
            level = above;
        }
        return new MerkleTree(levels);
    }

    /** The root, 32 bytes. */
    public byte[] root() {
        return levels.get(levels.size() - 1).get(0).clone();
    }

    /** The number of leaves. */
    public int leaves() {
        return levels.get(0).size();
    }

    /**
     * The siblings on the way from a leaf to the root, lowest first.
     *
     * @throws IndexOutOfBoundsException if there is no such leaf
     */
    public List<byte[]> proof(int index) {
        Objects.checkIndex(index, leaves());
        List<byte[]> siblings = new ArrayList<>(levels.size());
        int place = index;
        for (List<byte[]> level : levels.subList(0, levels.size() - 1)) {
            int sibling = place ^ 1;
            if (sibling < level.size()) {
                siblings.add(level.get(sibling).clone());
            }
            place /= 2;
        }
        return siblings;
    }

    /**
     * Computes the root that a proof leads to; it proves nothing until it is compared with a signed one.
     *
     * @throws IllegalArgumentException if leaf, place, number of leaves and proof do not fit each other
     */
    public static byte[] rootOf(byte[] leafHash, int index, int leaves, List<byte[]> proof) {
        Require.that(leaves >= 1, "number of leaves", leaves, "1 or more");
        Require.that(index >= 0 && index < leaves, "place of a leaf", index, "0 to " + (leaves - 1));
        byte[] hash = Require.copy("leaf hash", leafHash, Require.HASH_BYTES);
        int place = index;
        int size = leaves;
        int used = 0;
        while (size > 1) {
            if ((place ^ 1) < size) {
                Require.that(
                        used < proof.size(), "length of a proof", proof.size(), "longer for " + leaves + " leaves");
                byte[] sibling = proof.get(used++);
                Require.that(sibling.length == Require.HASH_BYTES, "length of a hash", sibling.length, "32 bytes");
                hash = place % 2 == 0 ? node(hash, sibling) : node(sibling, hash);
            }
            place /= 2;
            size = (size + 1) / 2;
        }
        Require.that(used == proof.size(), "length of a proof", proof.size(), used + " for leaf " + index);
        return hash;
    }

    /** Whether the proof leads from the leaf to {@code root}; a malformed proof is false and never an exception. */
    public static boolean verify(byte[] root, byte[] leafHash, int index, int leaves, List<byte[]> proof) {
        try {
            return MessageDigest.isEqual(root, rootOf(leafHash, index, leaves, proof));
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    private static byte[] node(byte[] left, byte[] right) {
        return Sha256.of(NODE_PREFIX, left, right);
    }
}
