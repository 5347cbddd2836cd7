package dev.sotto.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sotto.federation.BaseShape;
import java.util.List;
import org.junit.jupiter.api.Test;

class BaseModelTest {
    @Test
    void parameters_ofMiniLm_areThoseItsAuthorsCount() {
        // 22.7 million: 30,522 words, 512 positions and 2 segments of 384, a norm, and six layers; without the pooler.
        long embeddings = (30_522 + 512 + 2 + 2) * 384L;
        long layer = 4 * (384 * 384 + 384) + 2 * 2 * 384 + 2 * 384 * 1536 + 1536 + 384;
        assertThat(Sample.base().parameters()).isEqualTo(embeddings + 6 * layer);
    }

    @Test
    void load_miniLm_hasItsShapeAndTensors() {
        BaseModel base = Sample.base();
        assertThat(base.shape()).isEqualTo(new BaseShape(6, 384));
        assertThat(base.architecture()).isEqualTo(new BertArchitecture(6, 384, 12, 1536, 30522, 512, 2, 1e-12));
        assertThat(base.maxTokens()).isEqualTo(512);
        assertThat(base.sha256()).isEqualTo("759c3cd2b7fe7e93933ad23c4c9181b7396442a2ed746ec7c1d46192c469c46e");
        assertThat(base.weight("encoder.layer.5.intermediate.dense.weight").shape())
                .isEqualTo(List.of(1536, 384));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> base.weight("encoder.layer.6.output.dense.bias"))
                .withMessageContaining("encoder.layer.6.output.dense.bias");
    }

    @Test
    void load_bge_hasItsShapeAndTensors() {
        BaseModel base = ChineseSample.base();
        assertThat(base.shape()).isEqualTo(new BaseShape(4, 512));
        assertThat(base.architecture()).isEqualTo(new BertArchitecture(4, 512, 8, 2048, 21128, 512, 2, 1e-12));
        assertThat(base.sha256()).isEqualTo("69a0b846f4f116b5e6aabf9546ea6754d02264f3211a13a1bd69b31b8040749a");
        assertThat(base.weight("embeddings.word_embeddings.weight").shape()).isEqualTo(List.of(21128, 512));
    }

    @Test
    void load_anUnknownName_saysWhichAreKnown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BaseModel.load("bert-giant"))
                .withMessageContaining("bert-giant")
                .withMessageContaining("all-minilm-l6-v2")
                .withMessageContaining("bge-small-zh");
    }
}
