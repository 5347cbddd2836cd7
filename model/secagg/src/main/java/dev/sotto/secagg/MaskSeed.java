package dev.sotto.secagg;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.security.auth.Destroyable;

/**
 * The 32-byte key of one mask: a site's own for a round, or that of a pair of sites for a round. It never prints its
 * content, compares in constant time, and is erased by {@link #destroy()}. Not thread-safe while it is being destroyed.
 */
public final class MaskSeed implements Destroyable {
    /** Length of a seed in bytes. */
    public static final int BYTES = 32;

    private final byte[] bytes;
    private boolean destroyed;

    private MaskSeed(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Wraps a copy of 32 bytes.
     *
     * @throws IllegalArgumentException if there are not 32 of them
     */
    public static MaskSeed of(byte[] bytes) {
        return new MaskSeed(Require.copy("mask seed", bytes, BYTES));
    }

    /** Draws a new seed. */
    public static MaskSeed generate(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new MaskSeed(bytes);
    }

    /**
     * Returns a copy of the 32 bytes, which the caller erases.
     *
     * @throws IllegalStateException if the seed has been destroyed
     */
    public byte[] bytes() {
        if (destroyed) {
            throw new IllegalStateException("the mask seed has been destroyed");
        }
        return bytes.clone();
    }

    @Override
    public void destroy() {
        destroyed = true;
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public boolean isDestroyed() {
        return destroyed;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MaskSeed seed && MessageDigest.isEqual(bytes, seed.bytes);
    }

    /** The same for every seed, so that nothing about it leaks through a table: not made to be a map's key. */
    @Override
    public int hashCode() {
        return MaskSeed.class.hashCode();
    }

    @Override
    public String toString() {
        return destroyed ? "mask seed (destroyed)" : "mask seed";
    }
}
