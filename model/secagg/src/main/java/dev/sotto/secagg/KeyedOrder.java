package dev.sotto.secagg;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/**
 * An order of things that everybody draws alike from a public key: Fisher and Yates's shuffle over the AES-256-CTR key
 * stream of HKDF(key, context). Every order is as likely as any other; a word that would favour one is drawn again.
 */
final class KeyedOrder {
    private KeyedOrder() {}

    /** Returns the things in the order that key and context give; how they come in counts too, so they come sorted. */
    static <T> List<T> of(byte[] key, byte[] context, Collection<T> sorted) {
        KeyStream stream = new KeyStream(MaskSeed.of(Hkdf.sha256(key, new byte[0], context, MaskSeed.BYTES)));
        List<T> order = new ArrayList<>(sorted);
        for (int left = order.size(); left > 1; left--) {
            Collections.swap(order, left - 1, below(left, stream));
        }
        return order;
    }

    private static int below(int bound, KeyStream stream) {
        long whole = (1L << Integer.SIZE) / bound * bound;
        long word;
        do {
            word = Integer.toUnsignedLong(
                    ByteBuffer.wrap(stream.next(Integer.BYTES)).getInt());
        } while (word >= whole);
        return (int) (word % bound);
    }
}
