package dev.sotto.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sotto.bert.Variant;
import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.ModelAnnounced;
import dev.sotto.contracts.avro.Tick;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.LocalModelStore;
import dev.sotto.federation.ModelDesign;
import dev.sotto.federation.Trust;
import dev.sotto.secagg.IdentityKeyPair;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCheckTest {
    @TempDir
    private Path directory;

    private LocalModelStore store;
    private ModelCheck check;
    private URI initialAt;
    private ModelUpdate initial;

    @BeforeEach
    void open() throws Exception {
        store = new LocalModelStore(directory);
        check = new ModelCheck(
                TestModels.SERVED, new EnvelopeVerifier(TestModels.TRUST), store, VariantRule.SINGLE_PRECISION);
        initialAt = store.put(TestModels.INITIAL);
        initial = new ModelUpdate(
                0, initialAt.toString(), TestModels.INITIAL.manifest().sha256());
    }

    @AfterEach
    void close() {
        check.close();
        assertThat(SharedScorers.open()).as("modules left open").isZero();
    }

    private RejectedRecordException refusal(byte[] value, ModelUpdate current) {
        return catchThrowableOfType(RejectedRecordException.class, () -> check.check(value, current));
    }

    private static Checkpoint next() throws Exception {
        return TestModels.child(TestModels.INITIAL, TestModels.INITIAL.vector());
    }

    @Test
    void check_startingPointByTheOperator_isAccepted() throws Exception {
        assertThat(check.check(TestModels.announced(TestModels.INITIAL, initialAt), null))
                .contains(initial);
        assertThat(SharedScorers.open()).isEqualTo(1);
    }

    @Test
    void check_childByAggregation_isAccepted() throws Exception {
        Checkpoint next = next();
        URI at = store.put(next);
        assertThat(check.check(TestModels.announced(next, at), initial))
                .contains(new ModelUpdate(1, at.toString(), next.manifest().sha256()));
    }

    @Test
    void check_sameModelThatServesInAnotherArithmetic_isNothingNew() throws Exception {
        assertThat(check.check(TestModels.announced(TestModels.INITIAL, initialAt), initial.in(Variant.INT8)))
                .isEmpty();
    }

    @Test
    void check_sameModelAgain_isNothingNew() throws Exception {
        assertThat(check.check(TestModels.announced(TestModels.INITIAL, initialAt), initial))
                .isEmpty();
    }

    @Test
    void check_forgedSignature_isRefused() {
        IdentityKeyPair forger = IdentityKeyPair.generate(new SecureRandom());
        ModelAnnounced announced = TestModels.announcement(TestModels.INITIAL, initialAt);
        assertThat(refusal(TestModels.signed(announced, Trust.AGGREGATION, forger), null)
                        .rejection())
                .isEqualTo(Rejection.BAD_SIGNATURE);
        assertThat(refusal(TestModels.signed(announced, Trust.COORDINATION, forger), null)
                        .rejection())
                .isEqualTo(Rejection.UNKNOWN_SIGNER);
    }

    @Test
    void check_garbage_isMalformed() {
        assertThat(refusal(new byte[] {1, 2, 3}, null).rejection()).isEqualTo(Rejection.MALFORMED);
    }

    @Test
    void check_kindThatDoesNotBelong_isRefused() {
        byte[] value = new dev.sotto.contracts.EnvelopeSigner(Trust.AGGREGATION, TestModels.AGGREGATION)
                .sealBytes(TestModels.TASK.id(), Kind.ARRIVAL, TranscriptPosition.START, new Tick());
        assertThat(refusal(value, null).rejection()).isEqualTo(Rejection.WRONG_KIND);
    }

    @Test
    void check_anotherTask_isPassedOver() throws Exception {
        ServedTask other = new ServedTask("risk", TestModels.SERVED.base(), TestModels.SERVED.design(), 0);
        try (ModelCheck others =
                new ModelCheck(other, new EnvelopeVerifier(TestModels.TRUST), store, VariantRule.SINGLE_PRECISION)) {
            assertThat(others.check(TestModels.announced(TestModels.INITIAL, initialAt), null))
                    .isEmpty();
        }
    }

    @Test
    void check_otherHash_isRefused() {
        ModelAnnounced announced = TestModels.announcement(TestModels.INITIAL, initialAt);
        announced.setSha256(ByteBuffer.wrap(new byte[32]));
        RejectedRecordException refusal =
                refusal(TestModels.signed(announced, Trust.AGGREGATION, TestModels.AGGREGATION), null);
        assertThat(refusal.rejection()).isEqualTo(Rejection.BAD_MODEL);
        assertThat(refusal).hasMessageContaining("version 0");
    }

    @Test
    void check_hashOfAnotherLength_isRefused() {
        ModelAnnounced announced = TestModels.announcement(TestModels.INITIAL, initialAt);
        announced.setSha256(ByteBuffer.wrap(new byte[31]));
        assertThat(refusal(TestModels.signed(announced, Trust.AGGREGATION, TestModels.AGGREGATION), null)
                        .rejection())
                .isEqualTo(Rejection.INVALID_FIELD);
    }

    @Test
    void check_missingFile_isRefused() throws Exception {
        Files.delete(Path.of(initialAt).resolve(Checkpoint.WEIGHTS));
        assertThat(refusal(TestModels.announced(TestModels.INITIAL, initialAt), null)
                        .rejection())
                .isEqualTo(Rejection.BAD_MODEL);
    }

    @Test
    void check_otherLabels_isRefused() {
        ServedTask other = new ServedTask(
                TestModels.SERVED.task(),
                TestModels.SERVED.base(),
                ModelDesign.classifier(
                        TestModels.TASK.adapter(),
                        "sentiment",
                        List.of("low", "middle", "high"),
                        TestModels.TASK.maxTokens()),
                0);
        try (ModelCheck others =
                new ModelCheck(other, new EnvelopeVerifier(TestModels.TRUST), store, VariantRule.SINGLE_PRECISION)) {
            RejectedRecordException refusal = catchThrowableOfType(
                    RejectedRecordException.class,
                    () -> others.check(TestModels.announced(TestModels.INITIAL, initialAt), null));
            assertThat(refusal.rejection()).isEqualTo(Rejection.BAD_MODEL);
            assertThat(refusal).hasMessageContaining("heads are not");
        }
    }

    @Test
    void check_parametersThatAreNoNumbers_isRefused() throws Exception {
        float[] vector = TestModels.INITIAL.vector();
        vector[5] = Float.NaN;
        Checkpoint bad = TestModels.child(TestModels.INITIAL, vector);
        RejectedRecordException refusal = refusal(TestModels.announced(bad, store.put(bad)), initial);
        assertThat(refusal.rejection()).isEqualTo(Rejection.BAD_MODEL);
        assertThat(refusal).hasMessageContaining("finite");
    }

    @Test
    void check_olderVersion_isRefused() {
        ModelUpdate newer =
                new ModelUpdate(3, initialAt.toString(), HexFormat.of().formatHex(new byte[32]));
        RejectedRecordException refusal = refusal(TestModels.announced(TestModels.INITIAL, initialAt), newer);
        assertThat(refusal.rejection()).isEqualTo(Rejection.CONFLICT);
        assertThat(refusal).hasMessageContaining("version 0 is not newer than version 3");
    }

    @Test
    void check_childOfAnotherParent_isRefused() throws Exception {
        Checkpoint next = next();
        ModelUpdate other =
                new ModelUpdate(0, initialAt.toString(), HexFormat.of().formatHex(new byte[32]));
        RejectedRecordException refusal = refusal(TestModels.announced(next, store.put(next)), other);
        assertThat(refusal.rejection()).isEqualTo(Rejection.BAD_MODEL);
        assertThat(refusal).hasMessageContaining("parent");
    }

    private ModelUpdate at(Checkpoint checkpoint, int reach) throws Exception {
        return new ModelUpdate(
                checkpoint.manifest().version(),
                store.put(checkpoint).toString(),
                checkpoint.manifest().sha256(),
                reach,
                Variant.FP32);
    }

    @Test
    void rollback_byTheOperator_bringsTheOlderModelBack() throws Exception {
        Checkpoint bad = next();
        ModelUpdate back = at(TestModels.INITIAL, 1);
        assertThat(check.check(TestModels.rollback(TestModels.INITIAL, initialAt, 1), at(bad, 1)))
                .contains(back);
        assertThat(check.check(TestModels.rollback(TestModels.INITIAL, initialAt, 1), back))
                .isEmpty();
        assertThat(check.check(TestModels.rollback(TestModels.INITIAL, initialAt, 1), null))
                .contains(back);
    }

    @Test
    void rollback_byAggregation_isRefused() {
        ModelAnnounced announced = TestModels.announcement(TestModels.INITIAL, initialAt);
        announced.setWithdrawn(1);
        assertThat(refusal(TestModels.signed(announced, Trust.AGGREGATION, TestModels.AGGREGATION), initial)
                        .rejection())
                .isEqualTo(Rejection.UNKNOWN_SIGNER);
    }

    @Test
    void rollback_overtakenByANewerModel_orRepeatedAfterIt_isRefused() throws Exception {
        Checkpoint first = next();
        Checkpoint second = TestModels.child(first, first.vector());
        RejectedRecordException refusal = refusal(TestModels.rollback(TestModels.INITIAL, initialAt, 1), at(second, 2));
        assertThat(refusal.rejection()).isEqualTo(Rejection.CONFLICT);
        assertThat(refusal).hasMessageContaining("withdraws versions up to 1, but version 2 is in place");
    }

    @Test
    void rollback_thatWithdrawsLessThanItServes_isRefused() throws Exception {
        Checkpoint first = next();
        assertThat(refusal(TestModels.rollback(first, store.put(first), 0), initial)
                        .rejection())
                .isEqualTo(Rejection.INVALID_FIELD);
    }

    @Test
    void rollback_toAModelThatIsDamaged_isRefusedAndTheOneInPlaceStays() throws Exception {
        Checkpoint bad = next();
        ModelUpdate inPlace = at(bad, 1);
        Files.delete(Path.of(initialAt).resolve(Checkpoint.WEIGHTS));
        assertThat(refusal(TestModels.rollback(TestModels.INITIAL, initialAt, 1), inPlace)
                        .rejection())
                .isEqualTo(Rejection.BAD_MODEL);
    }

    @Test
    void model_thatARollbackWithdraws_isPassedOver_andTheNextOneServes() throws Exception {
        Checkpoint first = next();
        Checkpoint second = TestModels.child(first, first.vector());
        ModelUpdate back = at(TestModels.INITIAL, 1);
        assertThat(check.check(TestModels.announced(first, store.put(first)), back))
                .isEmpty();
        assertThat(check.check(TestModels.announced(second, store.put(second)), back))
                .contains(at(second, 2));
        assertThat(check.check(TestModels.announced(second, store.put(second)), at(TestModels.INITIAL, 2)))
                .isEmpty();
    }

    @Test
    void check_manifestOfAnotherParentThanAnnounced_isRefused() throws Exception {
        Checkpoint third = TestModels.child(next(), TestModels.INITIAL.vector());
        ModelAnnounced announced = TestModels.announcement(third, store.put(third));
        announced.setParent(ByteBuffer.wrap(new byte[32]));
        RejectedRecordException refusal =
                refusal(TestModels.signed(announced, Trust.AGGREGATION, TestModels.AGGREGATION), initial);
        assertThat(refusal.rejection()).isEqualTo(Rejection.BAD_MODEL);
        assertThat(refusal).hasMessageContaining("the manifest's parent");
    }

    @Test
    void check_afterCompaction_acceptsAGrandchild() throws Exception {
        Checkpoint third = TestModels.child(next(), TestModels.INITIAL.vector());
        assertThat(check.check(TestModels.announced(third, store.put(third)), initial))
                .isPresent();
    }
}
