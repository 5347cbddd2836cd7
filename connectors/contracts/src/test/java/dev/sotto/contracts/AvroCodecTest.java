package dev.sotto.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.contracts.avro.Enrol;
import dev.sotto.contracts.avro.Envelope;
import dev.sotto.contracts.avro.Survivors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AvroCodecTest {
    /** The second is more than any array may hold, the last more than the heap of a test. */
    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MAX_VALUE, Integer.MAX_VALUE - 8, 11})
    void decode_lengthBeyondTheBytes_isRefusedBeforeAnythingIsAllocated(long announced) throws IOException {
        refused(Envelope.class, number(announced));
        refused(Enrol.class, number(1), number(announced));
        refused(Survivors.class, number(1), number(announced));
        refused(Survivors.class, number(1), number(1), number(announced));
    }

    private static void refused(Class<? extends SpecificRecordBase> type, byte[]... parts) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            bytes.write(part);
        }
        assertThatThrownBy(() -> AvroCodec.decode(bytes.toByteArray(), type))
                .isInstanceOfSatisfying(RejectedRecordException.class, e -> assertThat(e.rejection())
                        .isEqualTo(Rejection.MALFORMED));
    }

    private static byte[] number(long value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        encoder.writeLong(value);
        return bytes.toByteArray();
    }
}
