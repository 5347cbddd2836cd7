package dev.sotto.secagg;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A list of byte strings as one: each behind its length in four big-endian bytes, so no two lists share an encoding. */
final class LengthPrefixed {
    private LengthPrefixed() {}

    static byte[] of(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length = Math.addExact(length, Integer.BYTES + part.length);
        }
        ByteBuffer all = ByteBuffer.allocate(length);
        for (byte[] part : parts) {
            all.putInt(part.length).put(part);
        }
        return all.array();
    }

    static byte[] text(Object value) {
        return value.toString().getBytes(StandardCharsets.UTF_8);
    }

    static byte[] number(int value) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
    }
}
