package dev.sotto.bert;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ElementTypeTest {
    @Test
    void encode_toBfloat16_roundsToNearestAndTiesToEven() {
        // 1 + 2^-8 lies between 1 (even) and 1 + 2^-7; 1 + 3 * 2^-8 between 1 + 2^-7 (odd) and 1 + 2^-6.
        float[] values = {1f, 1f + 0x1p-8f, 1f + 0x3p-8f, 1f + 0x1.1p-8f, -2f};
        assertThat(ElementType.BFLOAT16.encode(values)).asHexString().isEqualTo("803F803F823F813F00C0");
    }

    @Test
    void encode_toFloat32_isLittleEndian() {
        assertThat(ElementType.FLOAT32.encode(new float[] {1f})).asHexString().isEqualTo("0000803F");
    }
}
