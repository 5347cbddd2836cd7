package dev.sotto.connect.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.LocalModelStore;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import dev.sotto.secagg.IdentityKeyPair;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlinkModelStoreTest {
    @TempDir
    Path root;

    private TaskDefinition task;
    private Checkpoint checkpoint;
    private FlinkModelStore store;

    @BeforeEach
    void openStore() throws Exception {
        task = TaskDefinition.read(Path.of(getClass().getResource("/task.yaml").toURI()));
        checkpoint = Checkpoint.initial(task, 1);
        store = new FlinkModelStore(root.toUri());
    }

    @Test
    void put_thenGet_isTheSame_inTheLayoutOfALocalStore() throws IOException {
        URI location = store.put(checkpoint);
        assertThat(store.get(location, checkpoint.sha256()).weightsFile()).isEqualTo(checkpoint.weightsFile());
        assertThat(new LocalModelStore(root).get(location, checkpoint.sha256()).manifestFile())
                .isEqualTo(checkpoint.manifestFile());
        assertThat(new LocalModelStore(root).put(checkpoint)).isEqualTo(location);
    }

    @Test
    void put_again_isHarmless_andLeavesNoTemporaryFile() throws IOException {
        URI location = store.put(checkpoint);
        assertThat(store.put(checkpoint)).isEqualTo(location);
        try (Stream<Path> files = Files.list(Path.of(location))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(Checkpoint.WEIGHTS, Checkpoint.MANIFEST);
        }
    }

    @Test
    void put_afterAWriterDiedBetweenTheFiles_isWhole() throws IOException {
        Path directory = Files.createDirectories(root.resolve("sentiment/v000000"));
        Files.writeString(directory.resolve(Checkpoint.WEIGHTS), "half");
        assertThat(store.get(store.put(checkpoint), checkpoint.sha256()).sha256())
                .isEqualTo(checkpoint.sha256());
    }

    @Test
    void put_sameVersionWithOtherWeights_isRefused() throws IOException {
        store.put(checkpoint);
        assertThatThrownBy(() -> store.put(Checkpoint.initial(task, 2)))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining(checkpoint.manifest().sha256());
    }

    @Test
    void get_damagedOrNotTheAnnouncedOne_isRefused() throws IOException {
        URI location = store.put(checkpoint);
        assertThatThrownBy(() -> store.get(location, new byte[32])).hasMessageContaining("announced");
        Path weights = Path.of(location).resolve(Checkpoint.WEIGHTS);
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 1]++;
        Files.write(weights, bytes);
        assertThatThrownBy(() -> store.get(location, checkpoint.sha256())).isInstanceOf(IOException.class);
    }

    @Test
    void put_signed_keepsTheSignatureBesideTheManifest() throws IOException {
        Checkpoint signed = checkpoint.signedBy(Trust.OPERATOR, IdentityKeyPair.generate(new SecureRandom()));
        URI location = store.put(signed);
        assertThat(store.get(location, signed.sha256()).signatureFile()).hasValueSatisfying(file -> assertThat(file)
                .isEqualTo(signed.signatureFile().orElseThrow()));
        assertThat(store.put(checkpoint)).isEqualTo(location);
        assertThat(FlinkModelStore.read(location).signature()).isPresent();
    }

    @Test
    void put_signedOverAnUnsignedOne_addsTheSignatureAlone() throws IOException {
        URI location = store.put(checkpoint);
        store.put(checkpoint.signedBy(Trust.OPERATOR, IdentityKeyPair.generate(new SecureRandom())));
        assertThat(FlinkModelStore.read(location).signature()).isPresent();
        assertThat(FlinkModelStore.read(location).manifestFile()).isEqualTo(checkpoint.manifestFile());
    }

    @Test
    void versions_areThePublishedOnes_theOldestFirst() throws IOException {
        assertThat(store.versions(task.id())).isEmpty();
        float[] vector = checkpoint.vector();
        URI second = store.put(Checkpoint.create(task, 10, 12, "ab", 3, 0.1, 1, vector));
        URI first = store.put(checkpoint);
        Files.createDirectories(root.resolve(task.task()).resolve("v000011"));
        Files.createDirectories(root.resolve(task.task()).resolve("backup"));
        List<StoredVersion> versions = store.versions(task.id());
        assertThat(versions).extracting(StoredVersion::version).containsExactly(0, 10);
        assertThat(versions).extracting(StoredVersion::location).containsExactly(first, second);
        assertThat(versions.get(0).bytes()).isEqualTo(checkpoint.weightsFile().length);
        assertThat(versions.get(0).stored()).isBeforeOrEqualTo(Instant.now());
    }

    @Test
    void root_withoutScheme_isRefused() {
        assertThatThrownBy(() -> new FlinkModelStore(URI.create("models")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("file:///");
    }
}
