package dev.sotto.coordination.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.federation.TaskDefinition;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TaskVariantTest {
    @Test
    void promising_whatATaskPromises_isTheTask() {
        TaskDefinition task = TaskDefinition.read(Path.of("src/test/resources/task.yaml"));
        TaskDefinition same = TaskVariant.promising(
                task,
                task.privacy().noiseMultiplier(),
                task.privacy().budgetEpsilon(),
                task.privacy().delta());
        assertThat(same).isEqualTo(task);
        assertThat(same.sha256()).isEqualTo(task.sha256());
        TaskDefinition other = TaskVariant.inRing(task, 24);
        assertThat(other.training()).isEqualTo(task.training());
        assertThat(other.encoding().ringBits()).isEqualTo(24);
    }
}
