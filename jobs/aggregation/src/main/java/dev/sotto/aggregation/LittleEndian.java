package dev.sotto.aggregation;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/** Adds entries as they lie on the wire. */
final class LittleEndian {
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private LittleEndian() {}

    /** Adds {@code sum.length} entries that begin at {@code from}, mod 2^32; a plain loop that vectorizes. */
    static void add(int[] sum, byte[] bytes, int from) {
        Objects.checkFromIndexSize(from, Math.multiplyExact(sum.length, Integer.BYTES), bytes.length);
        for (int i = 0; i < sum.length; i++) {
            sum[i] += (int) WORDS.get(bytes, from + i * Integer.BYTES);
        }
    }
}
