package dev.sotto.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import dev.sotto.secagg.IdentityKeyPair;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rounds with a lie: the site trains nothing and sends nothing. */
class RoundRefusalTest {
    private static final ByteBuffer ZERO = ByteBuffer.allocate(32);

    @TempDir
    Path models;

    private Federation federation;
    private Federation.Member bankA;

    @BeforeEach
    void found() throws Exception {
        federation = new Federation(models);
        bankA = federation.member("bank-a");
    }

    private static Arguments open(Refusal refusal, String lie, Consumer<RoundOpen> change) {
        return Arguments.of(refusal, lie, change);
    }

    static Stream<Arguments> opens() {
        return Stream.of(
                open(Refusal.WRONG_ROUND, "beyond the block", open -> open.setRound(3)),
                open(Refusal.WRONG_ROUND, "no round", open -> open.setRound(0)),
                open(Refusal.WRONG_ROUND, "another block", open -> open.setBlock(2)),
                open(Refusal.ROUND_CHANGED, "clip norm", open -> open.setClipNorm(400)),
                open(Refusal.ROUND_CHANGED, "scale", open -> open.setScale(1)),
                open(Refusal.ROUND_CHANGED, "sigma", open -> open.setSigma(1)),
                open(Refusal.ROUND_CHANGED, "chunk", open -> open.setChunkEntries(4)),
                open(Refusal.ROUND_CHANGED, "entries", open -> open.setEntries(4)),
                open(Refusal.ROUND_CHANGED, "ring", open -> open.setRingBits(16)),
                open(Refusal.ROUND_CHANGED, "groups", open -> open.setGroups(2)),
                open(Refusal.ROUND_CHANGED, "survivors", open -> open.setMinSurvivors(1)),
                open(Refusal.TASK_CHANGED, "task", open -> open.setTaskHash(ZERO)),
                open(Refusal.BAD_SEAL, "seal", open -> open.setSealHash(ZERO)),
                open(Refusal.BAD_ANNOUNCEMENT, "an outsider", open -> open.getAnnounced()
                        .add("bank-x")),
                open(Refusal.BAD_ANNOUNCEMENT, "a site twice", open -> open.getAnnounced()
                        .add("bank-b")),
                open(Refusal.BAD_ANNOUNCEMENT, "no id", open -> open.getAnnounced()
                        .add("Bank B")),
                open(Refusal.BAD_ANNOUNCEMENT, "too few", open -> open.setAnnounced(List.of("bank-a", "bank-b"))),
                open(Refusal.BAD_MODEL, "another hash", open -> open.setModelSha256(ZERO)),
                open(Refusal.BAD_MODEL, "no hash", open -> open.setModelSha256(ByteBuffer.allocate(3))),
                open(Refusal.BAD_MODEL, "another version", open -> open.setModelVersion(7)),
                open(Refusal.BAD_MODEL, "elsewhere", open -> open.setModelLocation("file:///nowhere/")),
                open(Refusal.BAD_MODEL, "no location", open -> open.setModelLocation("::")));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("opens")
    void round_withALie_isRefusedAndNothingTrainedOrSent(Refusal refusal, String lie, Consumer<RoundOpen> change)
            throws Exception {
        federation.sealBlock(1, 1);
        federation.open(1, 1, change);
        assertThat(bankA.refusals()).containsExactly(refusal);
        assertThat(bankA.update.calls).isZero();
        assertThat(federation.server.chunks()).isEmpty();
    }

    @Test
    void model_ofAnotherTask_isRefused() throws Exception {
        federation.sealBlock(1, 1);
        Parties others = new Parties(TaskDefinition.read(Parties.resource("other-task.yaml")));
        Checkpoint foreign = Checkpoint.initial(others.task, 1);
        federation.coordination.open(
                1, 1, foreign, federation.store.put(foreign), federation.members.keySet(), untouched -> {});
        federation.catchUp();
        assertThat(bankA.refusals()).containsExactly(Refusal.BAD_MODEL);
        assertThat(bankA.update.calls).isZero();
    }

    /** Coordination has signed its hash, but not who publishes models the model. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void model_whosePublisherIsKnown_isTrainedFromIfThatHasSignedIt(boolean signed, @TempDir Path models)
            throws Exception {
        IdentityKeyPair operator = IdentityKeyPair.generate(Parties.RANDOM);
        IdentityKeyPair another = IdentityKeyPair.generate(Parties.RANDOM);
        Parties parties = new Parties(new Parties(), operator);
        Federation strict = new Federation(
                models,
                parties,
                Checkpoint.initial(parties.task, 1).signedBy(Trust.OPERATOR, signed ? operator : another));
        strict.sealBlock(1, 1);
        strict.open(1, 1, untouched -> {});
        Federation.Member member = strict.member("bank-a");
        assertThat(member.refusals()).isEqualTo(signed ? List.of() : List.of(Refusal.BAD_MODEL));
        assertThat(member.update.calls).isEqualTo(signed ? 1 : 0);
    }

    @Test
    void round_openedTwice_isUploadedOnce() throws Exception {
        federation.sealBlock(1, 1);
        federation.open(1, 1, untouched -> {});
        federation.open(1, 1, open -> open.getAnnounced().remove("bank-d"));
        assertThat(bankA.refusals()).containsExactly(Refusal.WRONG_ROUND);
        assertThat(bankA.update.calls).isEqualTo(1);
        bankA.restart();
        federation.open(1, 1, untouched -> {});
        assertThat(bankA.update.calls).isEqualTo(1);
    }

    @Test
    void round_afterItsBlockEnded_findsNoSecrets() throws Exception {
        federation.sealBlock(1, 1);
        federation.coordination.aborted(1);
        federation.coordination.aborted(2);
        federation.catchUp();
        federation.open(1, 2, untouched -> {});
        assertThat(bankA.update.calls).isZero();
        assertThat(bankA.storage.files.keySet()).noneMatch(name -> name.startsWith("block-1."));
    }
}
