package dev.sotto.federation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ParameterLayoutTest {
    private final ParameterLayout layout =
            ParameterLayout.of(new AdapterSpec(8, 16, List.of(4, 5)), new BaseShape(6, 384), 3);

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
    void head_offset_isTheClassifiersWeight() {
        assertThat(layout.headOffset()).isEqualTo(2 * 4 * 8 * 384);
        assertThat(layout.tensors().get(8).name()).isEqualTo("base_model.model.classifier.weight");
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
}
