package dev.sotto.federation;

import java.nio.ByteBuffer;

/** The floating-point types of safetensors that weights come in, and how each becomes a float32 without loss. */
enum SafetensorsType {
    F32(4) {
        @Override
        float next(ByteBuffer data) {
            return data.getFloat();
        }
    },
    F16(2) {
        @Override
        float next(ByteBuffer data) {
            return ofHalf(data.getShort());
        }
    },
    /** The upper half of a float32. */
    BF16(2) {
        @Override
        float next(ByteBuffer data) {
            return Float.intBitsToFloat(data.getShort() << 16);
        }
    };

    private static final int EXPONENT = 0x1f;
    private static final int FRACTION = 0x3ff;
    private static final int FRACTION_BITS = 10;

    private final int bytes;

    SafetensorsType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes an element takes. */
    int bytes() {
        return bytes;
    }

    /** The next element of little-endian data. */
    abstract float next(ByteBuffer data);

    /** IEEE 754 binary16: a sign, five bits of exponent with bias 15, ten of fraction. */
    private static float ofHalf(short half) {
        int exponent = (half >>> FRACTION_BITS) & EXPONENT;
        int fraction = half & FRACTION;
        float magnitude;
        if (exponent == EXPONENT) {
            magnitude = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
        } else if (exponent == 0) {
            magnitude = Math.scalb((float) fraction, -24);
        } else {
            magnitude = Math.scalb((float) (fraction | (FRACTION + 1)), exponent - 25);
        }
        return half < 0 ? -magnitude : magnitude;
    }
}
