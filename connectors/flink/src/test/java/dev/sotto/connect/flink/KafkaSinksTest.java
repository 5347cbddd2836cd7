package dev.sotto.connect.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sotto.contracts.Topics;
import java.util.Map;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.junit.jupiter.api.Test;

class KafkaSinksTest {
    @Test
    void exactlyOnce_timeoutOverTheBrokersMaximum_namesValueAndBound() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KafkaSinks.exactlyOnce(
                        "localhost:9", Topics.MODELS, "x", Map.of("transaction.timeout.ms", "300001")))
                .withMessageContaining("300001")
                .withMessageContaining("300000");
    }

    @Test
    void exactlyOnce_timeoutThatIsNoNumber_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KafkaSinks.exactlyOnce(
                        "localhost:9", Topics.MODELS, "x", Map.of("transaction.timeout.ms", "5m")))
                .withMessageContaining("5m");
    }

    @Test
    void recordTypes_withGenericTypesOff_haveSerializers() {
        SerializerConfigImpl strict = new SerializerConfigImpl();
        strict.setGenericTypes(false);
        assertThat(RawRecord.TYPE.createSerializer(strict)).isNotNull();
        assertThat(OutgoingRecord.TYPE.createSerializer(strict)).isNotNull();
        assertThat(Refused.TYPE.createSerializer(strict)).isNotNull();
    }
}
