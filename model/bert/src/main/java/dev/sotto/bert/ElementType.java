package dev.sotto.bert;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** How a tensor's values are stored in an archive. */
enum ElementType {
    FLOAT32("FloatStorage") {
        @Override
        byte[] encode(float[] values) {
            byte[] bytes = new byte[Math.multiplyExact(values.length, Float.BYTES)];
            ByteBuffer.wrap(bytes)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .put(values);
            return bytes;
        }
    },
    BFLOAT16("BFloat16Storage") {
        @Override
        byte[] encode(float[] values) {
            byte[] bytes = new byte[Math.multiplyExact(values.length, Short.BYTES)];
            ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            for (float value : values) {
                int bits = Float.floatToRawIntBits(value);
                // Round to nearest, ties to even: add just under half of the last kept bit, plus that bit.
                buffer.putShort((short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16));
            }
            return bytes;
        }
    };

    private final String storage;

    ElementType(String storage) {
        this.storage = storage;
    }

    /** The storage class torch names in a pickle. */
    String storage() {
        return storage;
    }

    /** The values as torch lays them out, little-endian; finite values only. */
    abstract byte[] encode(float[] values);
}
