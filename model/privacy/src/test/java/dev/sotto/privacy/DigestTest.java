package dev.sotto.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class DigestTest {
    @Test
    void sha256_emptyMessage_isTheKnownAnswer() {
        assertThat(Digest.sha256(new byte[0]))
                .hasToString("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    @Test
    void sha256_vector_isThatOfItsLittleEndianBytes() {
        for (int length : new int[] {0, 1, 1023, 1024, 1025, 5000}) {
            int[] vector = new int[length];
            ByteBuffer bytes = ByteBuffer.allocate(4 * length).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < length; i++) {
                vector[i] = i * 0x9e3779b9;
                bytes.putInt(vector[i]);
            }
            assertThat(Digest.sha256(vector)).isEqualTo(Digest.sha256(bytes.array()));
        }
    }

    @Test
    void of_otherLength_saysTheLength() {
        assertThatThrownBy(() -> Digest.of(new byte[31])).hasMessageContaining("got 31");
    }
}
