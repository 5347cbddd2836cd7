package dev.sotto.federation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ParameterLayoutTest {
    private static final BaseShape BASE = new BaseShape(6, 384);
    private static final AdapterSpec ADAPTER = new AdapterSpec(8, 16, List.of(4, 5));

    private final ParameterLayout layout =
            ParameterLayout.of(ModelDesign.classifier(ADAPTER, "mood", List.of("bad", "fair", "good"), 32), BASE);

    @Test
    void tensors_inOrder_coverTheVectorWithoutGaps() {
        int offset = 0;
        for (NamedTensor tensor : layout.tensors()) {
            assertThat(tensor.offset()).isEqualTo(offset);
            offset += tensor.size();
        }
        assertThat(layout.size()).isEqualTo(offset).isEqualTo(2 * 4 * 8 * 384 + 3 * 384 + 3);
    }

    @Test
    void headOffset_isTheFirstHeadsWeight() {
        assertThat(layout.headOffset()).isEqualTo(2 * 4 * 8 * 384);
        assertThat(layout.tensors().get(8).name()).isEqualTo("base_model.model.heads.mood.weight");
    }

    @Test
    void initial_sameSeed_isTheSameAndLeavesTheBaseModelAsItIs() {
        float[] vector = InitialModel.vector(layout, 7);
        assertThat(InitialModel.vector(layout, 7)).isEqualTo(vector);
        assertThat(InitialModel.vector(layout, 8)).isNotEqualTo(vector);
        for (NamedTensor tensor : layout.tensors()) {
            boolean zero =
                    tensor.name().endsWith("lora_B.weight") || tensor.name().endsWith("bias");
            for (int i = 0; i < tensor.size(); i++) {
                assertThat(vector[tensor.offset() + i] == 0).isEqualTo(zero);
            }
        }
    }

    @Test
    void heads_ofTextAndTokensAndStatistics_lieOneAfterTheOther() {
        ModelDesign design = new ModelDesign(
                ADAPTER,
                List.of(
                        new HeadSpec("mood", HeadKind.TEXT, List.of("bad", "good")),
                        new HeadSpec("ner", HeadKind.TOKENS, List.of("PER", "LOC"))),
                List.of(new StatisticSpec("age", 0, 120)),
                32);
        ParameterLayout both = ParameterLayout.of(design, BASE);
        assertThat(both.weight(0).shape()).containsExactly(2, 384);
        assertThat(both.weight(1).shape()).containsExactly(5, 384);
        assertThat(both.weight(1).offset())
                .isEqualTo(both.bias(0).offset() + both.bias(0).size());
        assertThat(both.bias(1).name()).isEqualTo("base_model.model.heads.ner.bias");
        assertThat(both.headEnd()).isEqualTo(both.bias(1).offset() + 5);
        assertThat(both.size()).isEqualTo(both.headEnd() + 2);
    }
}
