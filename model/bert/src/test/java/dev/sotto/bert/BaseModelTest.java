package dev.sotto.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sotto.federation.BaseShape;
import java.util.List;
import org.junit.jupiter.api.Test;

class BaseModelTest {
    @Test
    void load_miniLm_hasItsShapeAndTensors() {
        BaseModel base = Sample.base();
        assertThat(base.shape()).isEqualTo(new BaseShape(6, 384));
        assertThat(base.maxTokens()).isEqualTo(512);
        assertThat(base.sha256()).isEqualTo("759c3cd2b7fe7e93933ad23c4c9181b7396442a2ed746ec7c1d46192c469c46e");
        assertThat(base.weight("encoder.layer.5.intermediate.dense.weight").shape())
                .isEqualTo(List.of(1536, 384));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> base.weight("encoder.layer.6.output.dense.bias"))
                .withMessageContaining("encoder.layer.6.output.dense.bias");
    }

    @Test
    void load_anUnknownName_saysWhichAreKnown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BaseModel.load("bert-giant"))
                .withMessageContaining("bert-giant")
                .withMessageContaining("all-minilm-l6-v2");
    }
}
