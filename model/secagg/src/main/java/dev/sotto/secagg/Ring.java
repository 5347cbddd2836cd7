package dev.sotto.secagg;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * The integers modulo 2^m in which masked vectors travel, m = {@code bits}. In memory an entry is an {@code int} of which
 * the low m bits count, and arithmetic is modulo 2^32, which agrees with this ring. On the wire entries are packed: entry
 * i of a part takes the bits {@code i * m} to {@code (i + 1) * m} of its bytes, the lowest bit of a byte first. Parts
 * are a multiple of four entries long, so that they end at a whole byte. No method allocates; running time depends on
 * counts alone. Immutable.
 *
 * @param bits 16, 20, 24 or 32
 */
public record Ring(int bits) {
    /** Every part of a vector has a multiple of this many entries. */
    public static final int ENTRIES_PER_STEP = 4;

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int MASK_16 = 0xFFFF;
    private static final int MASK_20 = 0xFFFFF;
    private static final int MASK_24 = 0xFFFFFF;

    /** @throws IllegalArgumentException if the width is another */
    public Ring {
        Require.that(
                bits == 16 || bits == 20 || bits == 24 || bits == 32, "width of the ring", bits, "16, 20, 24 or 32");
    }

    /**
     * How many bytes this many entries take on the wire.
     *
     * @throws IllegalArgumentException if {@code entries} is negative or no multiple of 4
     */
    public int bytes(int entries) {
        requireSteps(entries);
        return Math.toIntExact((long) entries * bits / Byte.SIZE);
    }

    /**
     * Writes the low m bits of {@code entries[from .. from + count]} to {@code out} from {@code at} on.
     *
     * @throws IllegalArgumentException if {@code count} is no multiple of 4
     * @throws IndexOutOfBoundsException if a range is not inside its array
     */
    public void pack(int[] entries, int from, int count, byte[] out, int at) {
        Objects.checkFromIndexSize(from, count, entries.length);
        Objects.checkFromIndexSize(at, bytes(count), out.length);
        switch (bits) {
            case 16 -> pack16(entries, from, count, out, at);
            case 20 -> pack20(entries, from, count, out, at);
            case 24 -> pack24(entries, from, count, out, at);
            default -> pack32(entries, from, count, out, at);
        }
    }

    /**
     * Adds packed entries to {@code sum[from .. from + count]}, modulo 2^32; the low m bits are the sum in the ring.
     *
     * @throws IllegalArgumentException if {@code count} is no multiple of 4
     * @throws IndexOutOfBoundsException if a range is not inside its array
     */
    public void add(byte[] packed, int at, int[] sum, int from, int count) {
        Objects.checkFromIndexSize(from, count, sum.length);
        Objects.checkFromIndexSize(at, bytes(count), packed.length);
        switch (bits) {
            case 16 -> add16(packed, at, sum, from, count);
            case 20 -> add20(packed, at, sum, from, count);
            case 24 -> add24(packed, at, sum, from, count);
            default -> add32(packed, at, sum, from, count);
        }
    }

    /** Brings every entry into 0 to 2^m - 1 by clearing the high bits; for m = 32 nothing changes. */
    public void reduce(int[] entries) {
        int mask = -1 >>> (Integer.SIZE - bits);
        for (int i = 0; i < entries.length; i++) {
            entries[i] &= mask;
        }
    }

    /** Brings every entry into -2^(m-1) to 2^(m-1) - 1, the representative nearest to zero, by extending its sign. */
    public void centre(int[] entries) {
        int shift = Integer.SIZE - bits;
        for (int i = 0; i < entries.length; i++) {
            entries[i] = entries[i] << shift >> shift;
        }
    }

    private static void requireSteps(int entries) {
        Require.that(
                entries >= 0 && entries % ENTRIES_PER_STEP == 0,
                "number of entries",
                entries,
                "a multiple of " + ENTRIES_PER_STEP + "; pad the vector with zeros");
    }

    // One plain loop for each width, four entries a step in whole words, which the compiler keeps in registers.

    private static void pack16(int[] entries, int from, int count, byte[] out, int at) {
        int o = at;
        for (int i = from; i < from + count; i += ENTRIES_PER_STEP) {
            long low = (entries[i] & MASK_16) | (entries[i + 1] & MASK_16) << 16;
            long high = (entries[i + 2] & MASK_16) | (entries[i + 3] & MASK_16) << 16;
            LONGS.set(out, o, (low & 0xFFFFFFFFL) | high << 32);
            o += 8;
        }
    }

    private static void add16(byte[] packed, int at, int[] sum, int from, int count) {
        int o = at;
        for (int i = from; i < from + count; i += ENTRIES_PER_STEP) {
            long word = (long) LONGS.get(packed, o);
            sum[i] += (int) word & MASK_16;
            sum[i + 1] += (int) word >>> 16;
            sum[i + 2] += (int) (word >>> 32) & MASK_16;
            sum[i + 3] += (int) (word >>> 48);
            o += 8;
        }
    }

    private static void pack20(int[] entries, int from, int count, byte[] out, int at) {
        int o = at;
        for (int i = from; i < from + count; i += ENTRIES_PER_STEP) {
            long last = entries[i + 3] & MASK_20;
            long word = (entries[i] & MASK_20)
                    | (long) (entries[i + 1] & MASK_20) << 20
                    | (long) (entries[i + 2] & MASK_20) << 40
                    | last << 60;
            LONGS.set(out, o, word);
            SHORTS.set(out, o + 8, (short) (last >>> 4));
            o += 10;
        }
    }

    private static void add20(byte[] packed, int at, int[] sum, int from, int count) {
        int o = at;
        for (int i = from; i < from + count; i += ENTRIES_PER_STEP) {
            long word = (long) LONGS.get(packed, o);
            int rest = (short) SHORTS.get(packed, o + 8) & MASK_16;
            sum[i] += (int) word & MASK_20;
            sum[i + 1] += (int) (word >>> 20) & MASK_20;
            sum[i + 2] += (int) (word >>> 40) & MASK_20;
            sum[i + 3] += (int) (word >>> 60) | rest << 4;
            o += 10;
        }
    }

    private static void pack24(int[] entries, int from, int count, byte[] out, int at) {
        int o = at;
        for (int i = from; i < from + count; i += ENTRIES_PER_STEP) {
            int third = entries[i + 2] & MASK_24;
            long word = (entries[i] & MASK_24) | (long) (entries[i + 1] & MASK_24) << 24 | (long) third << 48;
            LONGS.set(out, o, word);
            INTS.set(out, o + 8, third >>> 16 | entries[i + 3] << 8);
            o += 12;
        }
    }

    private static void add24(byte[] packed, int at, int[] sum, int from, int count) {
        int o = at;
        for (int i = from; i < from + count; i += ENTRIES_PER_STEP) {
            long word = (long) LONGS.get(packed, o);
            int rest = (int) INTS.get(packed, o + 8);
            sum[i] += (int) word & MASK_24;
            sum[i + 1] += (int) (word >>> 24) & MASK_24;
            sum[i + 2] += (int) (word >>> 48) | (rest & 0xFF) << 16;
            sum[i + 3] += rest >>> 8;
            o += 12;
        }
    }

    private static void pack32(int[] entries, int from, int count, byte[] out, int at) {
        int base = from * Integer.BYTES - at;
        for (int i = from; i < from + count; i++) {
            INTS.set(out, i * Integer.BYTES - base, entries[i]);
        }
    }

    private static void add32(byte[] packed, int at, int[] sum, int from, int count) {
        int base = from * Integer.BYTES - at;
        for (int i = from; i < from + count; i++) {
            sum[i] += (int) INTS.get(packed, i * Integer.BYTES - base);
        }
    }
}
