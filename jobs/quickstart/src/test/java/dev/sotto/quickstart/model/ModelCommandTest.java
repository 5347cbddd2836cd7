package dev.sotto.quickstart.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.LocalModelStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCommandTest {
    @TempDir
    Path directory;

    private PublishedModels published;

    @BeforeEach
    void publish() throws Exception {
        published = new PublishedModels(directory, 4);
    }

    private PublishedModels.Run verify(String... arguments) {
        return published.run("verify", arguments);
    }

    private String trust() {
        return published.trust.toString();
    }

    @Test
    void list_hasALineForEveryVersion_withItsFacts() {
        PublishedModels.Run run = published.run("list");
        assertThat(run.code()).as("%s", run).isZero();
        List<String> lines = run.out().lines().toList();
        assertThat(lines).hasSize(5);
        assertThat(lines.get(1)).startsWith("0 ").endsWith("none: made of no data");
        Checkpoint second = published.models.get(2);
        assertThat(lines.get(3))
                .startsWith("2 ")
                .contains(
                        second.manifest().sha256().substring(0, 12),
                        second.manifest().parent().substring(0, 12),
                        "KiB")
                .endsWith("1423 per site at delta 0.00001");
    }

    @Test
    void list_ofAnOlderManifest_saysThatTheUnitIsUnknown() throws Exception {
        Path manifest = published.file(1, Checkpoint.MANIFEST);
        Files.writeString(manifest, Files.readString(manifest).replaceAll(",\\s*\"privacyUnit\" : \"site\"", ""));
        assertThat(published.run("list").out()).contains("711.3 (unit not said) at delta");
    }

    @Test
    void list_damagedModel_isMarkedAndTheOthersAreListed() throws Exception {
        damage(1);
        PublishedModels.Run run = published.run("list");
        assertThat(run.code()).isEqualTo(ModelCommand.BROKEN);
        assertThat(run.out())
                .contains("1       DAMAGED: the weights' sha256 is")
                .contains("\n3 ");
    }

    @Test
    void list_byUri_isTheSameAsByDirectory() {
        PublishedModels.Run byUri = PublishedModels.runAlone(
                "list", "--store", published.store.toUri().toString(), "--task", "mood");
        assertThat(byUri).isEqualTo(published.run("list"));
    }

    @Test
    void list_storeOrTaskWithoutModels_couldNotRun() {
        assertThat(PublishedModels.runAlone(
                                "list", "--store", directory.resolve("none").toString(), "--task", "mood")
                        .code())
                .isEqualTo(ModelCommand.COULD_NOT_RUN);
        PublishedModels.Run run =
                PublishedModels.runAlone("list", "--store", published.store.toString(), "--task", "../mood");
        assertThat(run.code()).isEqualTo(ModelCommand.COULD_NOT_RUN);
        assertThat(run.err()).contains("--task is '../mood'");
    }

    @Test
    void show_hasTheManifestAndEveryTensor() throws Exception {
        PublishedModels.Run run = published.run("show", "2");
        assertThat(run.code()).as("%s", run).isZero();
        assertThat(run.out())
                .startsWith(Files.readString(published.file(2, Checkpoint.MANIFEST)))
                .contains("signature by aggregation, not checked here")
                .contains("heads.sentiment.weight [3, 64]");
        assertThat(run.out().lines().filter(line -> line.startsWith("  ") && line.endsWith("]")))
                .hasSizeGreaterThanOrEqualTo(
                        published.models.get(2).manifest().toLayout().tensors().size());
        PublishedModels.Run missing = published.run("show", "9");
        assertThat(missing.code()).isEqualTo(ModelCommand.COULD_NOT_RUN);
        assertThat(missing.err()).contains("no version 9 of task mood; the newest is 3");
    }

    @Test
    void verify_wholeLine_holdsWithALineEach() {
        PublishedModels.Run run = verify("--all", "--trust", trust());
        assertThat(run.code()).as("%s", run).isZero();
        assertThat(run.out().lines().filter(line -> line.endsWith("holds"))).hasSize(4);
        assertThat(run.out()).contains("HOLDS: 4 models, every hash and parent verified, every signature too");
        assertThat(verify("1").out()).contains("HOLDS: 2 models", "signatures not checked");
        assertThat(verify("1", "--all").code()).isEqualTo(ModelCommand.COULD_NOT_RUN);
    }

    @Test
    void verify_damagedWeights_isBrokenThere() throws Exception {
        damage(2);
        PublishedModels.Run run = verify("--trust", trust());
        assertThat(run.code()).isEqualTo(ModelCommand.BROKEN);
        assertThat(run.out()).contains("version 1 ", "BROKEN at version 2: the weights' sha256 is");
        assertThat(run.out()).doesNotContain("version 3 ");
        assertThat(verify("1", "--trust", trust()).code()).isZero();
    }

    @Test
    void verify_missingVersion_isBrokenBehindIt() throws Exception {
        Files.delete(published.file(1, Checkpoint.MANIFEST));
        assertThat(verify().out()).contains("BROKEN at version 2: version 1 is missing in front of it");
    }

    @Test
    void verify_manifestThatSomebodyRewrote_isBrokenByItsSignature() throws Exception {
        Path manifest = published.file(2, Checkpoint.MANIFEST);
        Files.writeString(manifest, Files.readString(manifest).replace("\"epsilon\" : 1422.469", "\"epsilon\" : 1.5"));
        assertThat(published.run("list").out()).contains(" 1.5 per site");
        assertThat(verify().code()).as("without a key nobody can tell").isZero();
        PublishedModels.Run run = verify("--trust", trust());
        assertThat(run.code()).isEqualTo(ModelCommand.BROKEN);
        assertThat(run.out()).contains("BROKEN at version 2: the signature of its manifest does not hold");
    }

    @Test
    void verify_signatureTakenAway_isBroken() throws Exception {
        Files.delete(published.file(3, Checkpoint.SIGNATURE));
        assertThat(verify("--trust", trust()).out()).contains("BROKEN at version 3: it has no manifest.sig");
    }

    @Test
    void verify_modelOfAnotherLine_isBrokenByItsParent() throws Exception {
        Checkpoint stray = published.child(published.models.get(1), 4);
        new LocalModelStore(published.store).put(stray);
        PublishedModels.Run run = verify("--trust", trust());
        assertThat(run.code()).isEqualTo(ModelCommand.BROKEN);
        assertThat(run.out()).contains("BROKEN at version 4: its parent is", "an older version; version 3 is");
    }

    private void damage(int version) throws Exception {
        Path weights = published.file(version, Checkpoint.WEIGHTS);
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 1] ^= 1;
        Files.write(weights, bytes);
    }
}
