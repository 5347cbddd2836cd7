package dev.sotto.secagg;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Objects;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Expands mask seeds and adds or subtracts the masks: a cipher and a buffer that are reused from call to call. Entry j of
 * a mask is the little-endian 32-bit word j of the AES-256-CTR key stream with zero initialization vector; arithmetic is
 * modulo 2^32, which agrees with every smaller ring 2^m. Any part of a mask can be reached without the part before it.
 *
 * <p>Not thread-safe: one per thread. {@link Mask} serves single calls.
 */
public final class MaskExpander {
    /** Entries in one block of the cipher, and thus the granularity of seeking. */
    public static final int ENTRIES_PER_BLOCK = 4;

    private static final int BLOCK_BYTES = 16;

    // A call for a long vector can miss the fast path of the JDK, and two slices fit the first-level cache.
    private static final int SLICE_ENTRIES = 4 * 1024;

    private static final byte[] ZEROS = new byte[SLICE_ENTRIES * Integer.BYTES];
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle COUNTER = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final Cipher cipher;
    private final byte[] stream = new byte[SLICE_ENTRIES * Integer.BYTES];

    /** Allocates the buffer. */
    public MaskExpander() {
        try {
            cipher = Cipher.getInstance("AES/CTR/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-CTR is missing from this JDK", e);
        }
    }

    /**
     * Adds entries {@code firstEntry} to {@code firstEntry + count} of the seed's mask to {@code target[from..]}.
     *
     * @param firstEntry position in the whole vector, a multiple of 4
     * @throws IllegalArgumentException if {@code firstEntry} is negative or no multiple of 4
     * @throws IndexOutOfBoundsException if the range is not inside {@code target}
     * @throws IllegalStateException if the seed has been destroyed
     */
    public void add(MaskSeed seed, long firstEntry, int[] target, int from, int count) {
        expand(seed, firstEntry, target, from, count, false);
    }

    /** Subtracts what {@link #add} adds. */
    public void subtract(MaskSeed seed, long firstEntry, int[] target, int from, int count) {
        expand(seed, firstEntry, target, from, count, true);
    }

    private void expand(MaskSeed seed, long firstEntry, int[] target, int from, int count, boolean subtract) {
        Objects.checkFromIndexSize(from, count, target.length);
        start(seed, firstEntry);
        try {
            for (int done = 0; done < count; done += SLICE_ENTRIES) {
                int entries = Math.min(SLICE_ENTRIES, count - done);
                cipher.update(ZEROS, 0, entries * Integer.BYTES, stream, 0);
                if (subtract) {
                    subtractWords(stream, target, from + done, entries);
                } else {
                    addWords(stream, target, from + done, entries);
                }
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-CTR refused a slice", e);
        } finally {
            Arrays.fill(stream, 0, Math.min(stream.length, count * Integer.BYTES), (byte) 0);
        }
    }

    private void start(MaskSeed seed, long firstEntry) {
        Require.that(
                firstEntry >= 0 && firstEntry % ENTRIES_PER_BLOCK == 0,
                "first entry of a mask",
                firstEntry,
                "a multiple of " + ENTRIES_PER_BLOCK + " and not negative");
        // The vector starts at counter zero, so the big-endian 128-bit counter of a position is the block's number.
        byte[] counter = new byte[BLOCK_BYTES];
        COUNTER.set(counter, BLOCK_BYTES - Long.BYTES, firstEntry / ENTRIES_PER_BLOCK);
        byte[] key = seed.bytes();
        try {
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(counter));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256 is not permitted by this JDK's policy", e);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    // Plain loops of their own over the target's index, which the compiler turns into vector instructions; over the
    // stream's index it does so only sometimes.
    private static void addWords(byte[] stream, int[] target, int from, int entries) {
        int base = from * Integer.BYTES;
        for (int j = from; j < from + entries; j++) {
            target[j] += (int) WORDS.get(stream, j * Integer.BYTES - base);
        }
    }

    private static void subtractWords(byte[] stream, int[] target, int from, int entries) {
        int base = from * Integer.BYTES;
        for (int j = from; j < from + entries; j++) {
            target[j] -= (int) WORDS.get(stream, j * Integer.BYTES - base);
        }
    }
}
