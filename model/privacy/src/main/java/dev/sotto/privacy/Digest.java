package dev.sotto.privacy;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/** A SHA-256 value: 32 bytes, compared by content. Immutable. */
public final class Digest {
    /** The length in bytes. */
    public static final int LENGTH = 32;

    private final byte[] value;

    private Digest(byte[] value) {
        this.value = value;
    }

    /** Wraps a copy of 32 bytes. */
    public static Digest of(byte[] value) {
        Preconditions.between("length of a SHA-256 value", value.length, LENGTH, LENGTH);
        return new Digest(value.clone());
    }

    /** Hashes a message. */
    public static Digest sha256(byte[] message) {
        return new Digest(newSha256().digest(message));
    }

    /**
     * Hashes a vector of ring entries, four little-endian bytes each.
     *
     * @param vector any length
     */
    public static Digest sha256(int[] vector) {
        MessageDigest sha = newSha256();
        byte[] block = new byte[4096];
        int filled = 0;
        for (int entry : vector) {
            block[filled] = (byte) entry;
            block[filled + 1] = (byte) (entry >>> 8);
            block[filled + 2] = (byte) (entry >>> 16);
            block[filled + 3] = (byte) (entry >>> 24);
            filled += 4;
            if (filled == block.length) {
                sha.update(block);
                filled = 0;
            }
        }
        sha.update(block, 0, filled);
        Arrays.fill(block, (byte) 0);
        return new Digest(sha.digest());
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** A copy of the 32 bytes. */
    public byte[] bytes() {
        return value.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Digest that && MessageDigest.isEqual(value, that.value);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(value);
    }

    /** Lower-case hexadecimal, 64 characters. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(value);
    }
}
