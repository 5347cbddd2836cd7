package dev.sotto.bert;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A cursor over one protobuf message in wire format, just enough to walk an ONNX file without its generated classes.
 * Not thread-safe.
 */
final class ProtobufReader {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED32 = 5;

    private final ByteBuffer buffer;
    private int wireType;

    ProtobufReader(ByteBuffer message) {
        this.buffer = message.order(ByteOrder.LITTLE_ENDIAN);
    }

    boolean hasMore() {
        return buffer.hasRemaining();
    }

    /** Reads the next field's tag and returns its number. */
    int field() {
        int tag = (int) varint();
        wireType = tag & 7;
        return tag >>> 3;
    }

    /** Whether the field just begun is length-delimited: a message, a string, bytes or packed numbers. */
    boolean isLengthDelimited() {
        return wireType == LENGTH_DELIMITED;
    }

    long varint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = buffer.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a varint of more than ten bytes at offset " + buffer.position());
    }

    /** The length-delimited field's bytes as a view. */
    ByteBuffer bytes() {
        long length = varint();
        if (length < 0 || length > buffer.remaining()) {
            throw new IllegalArgumentException("a field of %d bytes at offset %d where %d remain"
                    .formatted(length, buffer.position(), buffer.remaining()));
        }
        ByteBuffer field = buffer.slice(buffer.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
        buffer.position(buffer.position() + (int) length);
        return field;
    }

    ProtobufReader message() {
        return new ProtobufReader(bytes());
    }

    String string() {
        return StandardCharsets.UTF_8.decode(bytes()).toString();
    }

    /** Steps over the field just begun. */
    void skip() {
        switch (wireType) {
            case VARINT -> varint();
            case FIXED64 -> buffer.position(buffer.position() + Long.BYTES);
            case LENGTH_DELIMITED -> bytes();
            case FIXED32 -> buffer.position(buffer.position() + Integer.BYTES);
            default ->
                throw new IllegalArgumentException(
                        "unknown wire type %d at offset %d".formatted(wireType, buffer.position()));
        }
    }
}
