package dev.sotto.site;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A protobuf message as it grows, field by field: the few kinds of field that an event of TensorBoard has. Not thread-safe. */
final class ProtobufWriter {
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED_32 = 5;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** A {@code double}. */
    ProtobufWriter real(int field, double value) {
        tag(field, FIXED_64);
        out.writeBytes(little(Double.BYTES).putDouble(value).array());
        return this;
    }

    /** A {@code float}. */
    ProtobufWriter single(int field, float value) {
        tag(field, FIXED_32);
        out.writeBytes(little(Float.BYTES).putFloat(value).array());
        return this;
    }

    /** An {@code int64} that is zero or more. */
    ProtobufWriter whole(int field, long value) {
        tag(field, VARINT);
        varint(value);
        return this;
    }

    /** A {@code string}. */
    ProtobufWriter text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    /** A message inside of this one, as it is now. */
    ProtobufWriter message(int field, ProtobufWriter inner) {
        return bytes(field, inner.toBytes());
    }

    /** The message so far. */
    byte[] toBytes() {
        return out.toByteArray();
    }

    private ProtobufWriter bytes(int field, byte[] value) {
        tag(field, BYTES);
        varint(value.length);
        out.writeBytes(value);
        return this;
    }

    private void tag(int field, int kind) {
        varint((long) field << 3 | kind);
    }

    private void varint(long value) {
        long rest = value;
        while (rest >>> 7 != 0) {
            out.write((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
