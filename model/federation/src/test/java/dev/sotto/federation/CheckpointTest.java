package dev.sotto.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.secagg.IdentityKeyPair;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
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
    void initial_fromAModelOfTheSameShape_hasItsWeightsAndNothingSpent() throws Exception {
        TaskDefinition task = Tasks.task();
        float[] vector = InitialModel.vector(task.layout(), 9);
        Checkpoint trained = Checkpoint.create(task, 5, 5, "aa", 3, 0.1, 1, vector);
        TaskDefinition other = Tasks.parse(Tasks.text().replaceAll("task: .*", "task: another"));
        Checkpoint start = Checkpoint.initial(other, trained);
        assertThat(start.vector()).isEqualTo(vector);
        assertThat(start.manifest())
                .isEqualTo(Checkpoint.initial(other, 9).manifest())
                .extracting(ModelManifest::version, ModelManifest::parent, ModelManifest::epsilon)
                .containsExactly(0, "", 0.0);
    }

    @Test
    void initial_fromAModelOfAnotherShape_isRefused() {
        Checkpoint trained = Checkpoint.initial(Tasks.task(), 1);
        TaskDefinition other = Tasks.parse(Tasks.text().replace("maxTokens: ", "maxTokens: 1"));
        assertThatThrownBy(() -> Checkpoint.initial(other, trained))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("the design of the model to start from is")
                .hasMessageContaining("but must be the task's");
    }

    @Test
    void store_otherWeightsUnderTheSameVersion_areRefused(@TempDir Path root) throws Exception {
        LocalModelStore store = new LocalModelStore(root);
        store.put(Checkpoint.initial(Tasks.task(), 1));
        assertThatThrownBy(() -> store.put(Checkpoint.initial(Tasks.task(), 2)))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining("a version is never overwritten");
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
    void store_sameWeightsUnderAnotherManifest_areRefused(@TempDir Path root) throws Exception {
        TaskDefinition task = Tasks.task();
        float[] vector = InitialModel.vector(task.layout(), 1);
        LocalModelStore store = new LocalModelStore(root);
        store.put(Checkpoint.create(task, 1, 1, "aa", 3, 0.1, 1, vector));
        assertThatThrownBy(() -> store.put(Checkpoint.create(task, 1, 2, "aa", 3, 0.1, 1, vector)))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining("of round 1, and");
    }

    @Test
    void signature_isTheSameInEveryRun_andIsReadBack(@TempDir Path root) throws Exception {
        IdentityKeyPair operator = IdentityKeyPair.generate(new SecureRandom());
        Checkpoint signed = Checkpoint.initial(Tasks.task(), 1).signedBy(Trust.OPERATOR, operator);
        assertThat(Checkpoint.initial(Tasks.task(), 1)
                        .signedBy(Trust.OPERATOR, operator)
                        .signatureFile())
                .hasValueSatisfying(file ->
                        assertThat(file).isEqualTo(signed.signatureFile().orElseThrow()));
        LocalModelStore store = new LocalModelStore(root);
        assertThat(store.get(store.put(signed), signed.sha256()).signatureFile())
                .hasValueSatisfying(file ->
                        assertThat(file).isEqualTo(signed.signatureFile().orElseThrow()));
    }

    @Test
    void store_versionOfAnOlderReleasePutAgain_getsItsSignatureAndKeepsTheRest(@TempDir Path root) throws Exception {
        LocalModelStore store = new LocalModelStore(root);
        Checkpoint unsigned = Checkpoint.initial(Tasks.task(), 1);
        URI location = store.put(unsigned);
        assertThat(store.read(location).signature()).isEmpty();
        store.put(unsigned.signedBy(Trust.OPERATOR, IdentityKeyPair.generate(new SecureRandom())));
        assertThat(store.read(location).signature()).isPresent();
        assertThat(store.read(location).manifestFile()).isEqualTo(unsigned.manifestFile());
    }

    @Test
    void manifest_ofAnOlderRelease_isReadWithoutAUnit_andPutAgainIsHarmless(@TempDir Path root) throws Exception {
        LocalModelStore store = new LocalModelStore(root);
        Checkpoint today = Checkpoint.initial(Tasks.task(), 1);
        URI location = store.put(today);
        Path manifest = Path.of(location).resolve(Checkpoint.MANIFEST);
        String older = Files.readString(manifest).replaceAll(",\\s*\"privacyUnit\" : \"none\"", "");
        assertThat(older).doesNotContain("privacyUnit");
        Files.writeString(manifest, older);
        Checkpoint read = store.read(location);
        assertThat(read.manifest().privacyUnit()).isNull();
        assertThat(read.manifestFile()).isEqualTo(older.getBytes(StandardCharsets.UTF_8));
        store.put(today.signedBy(Trust.OPERATOR, IdentityKeyPair.generate(new SecureRandom())));
        assertThat(Files.readString(manifest)).isEqualTo(older);
        assertThat(store.read(location).signature()).isEmpty();
    }

    @Test
    void manifest_saysAboutWhomItsEpsilonSpeaks() throws Exception {
        TaskDefinition task = Tasks.task();
        float[] vector = InitialModel.vector(task.layout(), 1);
        assertThat(Checkpoint.initial(task, 1).manifest().privacyUnit()).isEqualTo(PrivacyUnit.NONE);
        Checkpoint first = Checkpoint.create(task, 1, 1, "aa", 3, 0.1, 1, vector);
        assertThat(first.manifest().privacyUnit()).isEqualTo(PrivacyUnit.SITE);
        assertThat(new String(first.manifestFile(), StandardCharsets.UTF_8)).contains("\"privacyUnit\" : \"site\"");
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
