package dev.sotto.federation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.secagg.IdentityKeyPair;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ModelLineageTest {
    private final TaskDefinition task = Tasks.task();
    private final IdentityKeyPair operator = IdentityKeyPair.generate(new SecureRandom());
    private final IdentityKeyPair aggregation = IdentityKeyPair.generate(new SecureRandom());
    private final Trust trust = new Trust(
            Map.of(),
            Map.of(
                    Trust.OPERATOR, operator.publicKey().toBase64(),
                    Trust.AGGREGATION, aggregation.publicKey().toBase64()));
    private final Checkpoint initial = Checkpoint.initial(task, 1).signedBy(Trust.OPERATOR, operator);
    private final Checkpoint first = made(1, 1, initial, 0.1);
    private ModelLineage lineage = new ModelLineage(task.task(), trust);

    private Checkpoint made(int version, int round, Checkpoint parent, double rho) {
        return unsigned(version, round, parent, rho).signedBy(Trust.AGGREGATION, aggregation);
    }

    private Checkpoint unsigned(int version, int round, Checkpoint parent, double rho) {
        float[] vector = InitialModel.vector(task.layout(), version + 1);
        return Checkpoint.create(task, version, round, parent.manifest().sha256(), 3, rho, 1, vector);
    }

    @BeforeEach
    void start() {
        assertThat(lineage.add(0, initial)).isEmpty();
    }

    private void refused(int version, Checkpoint next, String reason) {
        assertThat(lineage.add(version, next))
                .hasValueSatisfying(why -> assertThat(why).contains(reason));
    }

    @Test
    void line_ofSignedChildren_holds() {
        assertThat(lineage.add(1, first)).isEmpty();
        // A round between them was aborted.
        assertThat(lineage.add(2, made(2, 3, first, 0.2))).isEmpty();
    }

    @Test
    void version_missing_isNamed() {
        refused(2, made(2, 2, first, 0.2), "version 1 is missing");
    }

    @Test
    void version_inAnotherDirectoryThanItsOwn_isRefused() {
        assertThat(lineage.add(1, first)).isEmpty();
        refused(2, first, "its manifest is that of " + task.task() + " version 1");
    }

    @Test
    void task_another_isRefused() {
        assertThat(new ModelLineage("other", null).add(0, initial)).isPresent();
    }

    @Test
    void parent_another_isRefusedWithBothHashes() {
        Checkpoint stranger = Checkpoint.initial(task, 9);
        refused(1, made(1, 1, stranger, 0.1), stranger.manifest().sha256() + ", no version of this store");
        assertThat(lineage.add(1, first)).isEmpty();
        refused(2, made(2, 2, initial, 0.2), "an older version; version 1 is");
    }

    @Test
    void round_notLaterThanItsParents_isRefused() {
        assertThat(lineage.add(1, first)).isEmpty();
        refused(2, made(2, 1, first, 0.2), "its round 1 is not after round 1");
    }

    @Test
    void spent_lessThanBefore_isRefused() {
        assertThat(lineage.add(1, first)).isEmpty();
        refused(2, made(2, 2, first, 0.05), "its rho 0.05 is below 0.1");
    }

    @Test
    void versionZero_withAParent_isRefused() {
        lineage = new ModelLineage(task.task(), trust);
        float[] vector = InitialModel.vector(task.layout(), 1);
        Checkpoint child = Checkpoint.create(task, 0, 0, "ab", 0, 0, 0, vector).signedBy(Trust.OPERATOR, operator);
        refused(0, child, "must have round 0 and no parent");
    }

    @Test
    void signature_missing_isRefusedWithTrustAndPassedWithout() {
        refused(1, unsigned(1, 1, initial, 0.1), "it has no manifest.sig");
        ModelLineage trusting = new ModelLineage(task.task(), null);
        assertThat(trusting.add(0, initial)).isEmpty();
        assertThat(trusting.add(1, unsigned(1, 1, initial, 0.1))).isEmpty();
    }

    @Test
    void signature_bySomebodyElse_isRefused() {
        refused(1, unsigned(1, 1, initial, 0.1).signedBy(Trust.OPERATOR, operator), "aggregation's to sign");
        refused(1, unsigned(1, 1, initial, 0.1).signedBy(Trust.AGGREGATION, operator), "does not hold");
    }

    @Test
    void signature_overAnotherManifest_isRefused() throws IOException {
        String text = new String(first.manifestFile(), StandardCharsets.UTF_8);
        Checkpoint forged = Checkpoint.read(
                text.replace("\"epsilon\" : 1.0", "\"epsilon\" : 0.1").getBytes(StandardCharsets.UTF_8),
                first.weightsFile(),
                first.signatureFile().orElseThrow());
        assertThat(forged.manifest().epsilon()).isEqualTo(0.1);
        refused(1, forged, "does not hold");
    }

    @Test
    void key_notInTheTrustFile_isNamed() {
        lineage = new ModelLineage(
                task.task(),
                new Trust(
                        Map.of(),
                        Map.of(Trust.AGGREGATION, aggregation.publicKey().toBase64())));
        assertThat(lineage.add(0, initial))
                .isEqualTo(Optional.of("the trust file has no key 'servers.operator' to check its signature by"));
    }
}
