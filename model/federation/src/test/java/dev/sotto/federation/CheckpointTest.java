package dev.sotto.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
    @Test
    void store_putAndGet_givesTheSameModelAndTheSameBytes(@TempDir Path root) throws Exception {
        TaskDefinition task = Tasks.task();
        Checkpoint first = Checkpoint.initial(task, 1);
        LocalModelStore store = new LocalModelStore(root);
        URI location = store.put(first);
        Checkpoint read = store.get(location, first.sha256());
        assertThat(read.vector()).isEqualTo(InitialModel.vector(task.layout(), 1));
        assertThat(read.manifest()).isEqualTo(first.manifest());
        assertThat(read.manifestFile()).isEqualTo(first.manifestFile());
        assertThat(store.put(first)).isEqualTo(location);
    }

    @Test
    void store_otherWeightsUnderTheSameVersion_areRefused(@TempDir Path root) throws Exception {
        LocalModelStore store = new LocalModelStore(root);
        store.put(Checkpoint.initial(Tasks.task(), 1));
        assertThatThrownBy(() -> store.put(Checkpoint.initial(Tasks.task(), 2)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("was announced");
    }

    @Test
    void store_damagedWeights_areRefused(@TempDir Path root) throws Exception {
        LocalModelStore store = new LocalModelStore(root);
        Checkpoint checkpoint = Checkpoint.initial(Tasks.task(), 1);
        URI location = store.put(checkpoint);
        Path weights = Path.of(location).resolve(Checkpoint.WEIGHTS);
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 1] ^= 1;
        Files.write(weights, bytes);
        assertThatThrownBy(() -> store.get(location, checkpoint.sha256()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("sha256");
    }

    @Test
    void safetensors_cutOrForeign_areRefusedWithTheReason() throws Exception {
        ParameterLayout layout = Tasks.task().layout();
        byte[] file = Safetensors.write(layout, InitialModel.vector(layout, 1));
        assertThatThrownBy(() -> Safetensors.read(layout, new byte[3])).hasMessageContaining("at least 8 bytes");
        byte[] cut = java.util.Arrays.copyOf(file, file.length - 4);
        assertThatThrownBy(() -> Safetensors.read(layout, cut)).hasMessageContaining("ends at byte");
        ModelDesign design = Tasks.task().design();
        ParameterLayout other = ParameterLayout.of(
                new ModelDesign(
                        new AdapterSpec(4, 16, design.adapter().layers()),
                        design.heads(),
                        design.statistics(),
                        design.maxTokens()),
                Tasks.task().base().shape());
        assertThatThrownBy(() -> Safetensors.read(other, file)).hasMessageContaining("lora_A");
        byte[] hostile = file.clone();
        hostile[7] = 0x7f;
        assertThatThrownBy(() -> Safetensors.read(layout, hostile)).hasMessageContaining("header's length");
    }
}
