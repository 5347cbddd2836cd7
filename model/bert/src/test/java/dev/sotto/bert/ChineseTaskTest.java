package dev.sotto.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.TaskDefinition;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ChineseTaskTest {
    @Test
    void task_namingTheChineseBase_resolvesToAModelThatScores() throws Exception {
        TaskDefinition task = TaskDefinition.read(
                Path.of(ChineseTaskTest.class.getResource("chinese-task.yaml").toURI()));
        BaseModel base = BaseModel.load(task.base());
        // Two layers of query and value, each A and B of 8 x 512; a head of 3 x 512 and its bias.
        int parameters = 2 * 2 * 2 * 8 * 512 + 3 * 512 + 3;
        assertThat(task.layout().size()).isEqualTo(parameters);
        assertThat(task.layout().tensors().get(0).name())
                .isEqualTo("base_model.model.encoder.layer.2.attention.self.query.lora_A.weight");
        Checkpoint initial = Checkpoint.initial(task, 1);
        assertThat(initial.vector()).hasSize(parameters);
        assertThat(initial.manifest().base().sha256()).isEqualTo(base.sha256());
        try (Scorer scorer = Scorer.compile(base, task.design(), initial.vector(), Variant.FP32)) {
            float[] row = scorer.probabilities(0, ChineseSample.texts(1))[0];
            assertThat(row).hasSize(3);
            assertThat(row[0] + row[1] + row[2]).isCloseTo(1, within(1e-5f));
        }
    }
}
