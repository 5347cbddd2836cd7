package dev.sotto.privacy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A byte string of fields, each behind its 32-bit big-endian length, so that two different field lists never encode alike.
 *
 * <p>Not thread-safe.
 */
final class LengthPrefixed {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

    LengthPrefixed(String domain) {
        text(domain);
    }

    LengthPrefixed bytes(byte[] field) {
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(field.length).array());
        out.writeBytes(field);
        return this;
    }

    LengthPrefixed text(String field) {
        return bytes(field.getBytes(StandardCharsets.UTF_8));
    }

    LengthPrefixed number(int field) {
        return bytes(ByteBuffer.allocate(Integer.BYTES).putInt(field).array());
    }

    /** Adds the IEEE 754 bits, so that equal text of different doubles cannot be confused. */
    LengthPrefixed number(double field) {
        return bytes(ByteBuffer.allocate(Double.BYTES).putDouble(field).array());
    }

    byte[] toByteArray() {
        return out.toByteArray();
    }
}
