package dev.sotto.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.contracts.EnvelopeSigner;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.BlockOffer;
import dev.sotto.contracts.avro.CohortMember;
import dev.sotto.contracts.avro.Enrol;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.secagg.IdentityKeyPair;
import dev.sotto.secagg.TaskId;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Offers with a lie: the site deals nothing. */
class OfferRefusalTest {
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

    private static Arguments offer(Refusal refusal, String lie, Consumer<BlockOffer> change) {
        return Arguments.of(refusal, lie, change);
    }

    static Stream<Arguments> offers() {
        return Stream.of(
                offer(Refusal.TASK_CHANGED, "another task", offer -> offer.setTaskHash(ZERO)),
                offer(Refusal.COHORT_TOO_SMALL, "two sites", offer -> {
                    offer.setCohort(new ArrayList<>(offer.getCohort().subList(0, 2)));
                    offer.setThreshold(2);
                }),
                offer(Refusal.THRESHOLD_TOO_LOW, "no majority", offer -> offer.setThreshold(2)),
                offer(Refusal.THRESHOLD_TOO_LOW, "more than all", offer -> offer.setThreshold(5)),
                offer(Refusal.GRAPH_TOO_WEAK, "a sparse graph of four", offer -> offer.setDegree(2)),
                offer(Refusal.TOO_MANY_ROUNDS, "more rounds", offer -> offer.setRounds(3)),
                offer(Refusal.BAD_TERMS, "a used number", offer -> offer.setBlock(0)),
                offer(Refusal.BAD_TERMS, "no first round", offer -> offer.setFirstRound(0)),
                offer(Refusal.BAD_TERMS, "a member twice", offer -> offer.getCohort()
                        .set(3, offer.getCohort().get(2))),
                offer(Refusal.MEMBER_NOT_TRUSTED, "a swapped key", offer -> {
                    CohortMember victim = offer.getCohort().get(2);
                    victim.setEncryptionKey(offer.getCohort().get(1).getEncryptionKey());
                }),
                offer(Refusal.MEMBER_NOT_TRUSTED, "another's enrolment", offer -> offer.getCohort()
                        .get(2)
                        .setEnrolment(offer.getCohort().get(1).getEnrolment())),
                offer(Refusal.MEMBER_NOT_TRUSTED, "an enrolment for another block", offer -> offer.setBlock(2)),
                offer(Refusal.MEMBER_NOT_TRUSTED, "a stranger", offer -> {
                    ByteBuffer key = offer.getCohort().get(3).getEncryptionKey();
                    EnvelopeSigner stranger = new EnvelopeSigner("bank-x", IdentityKeyPair.generate(Parties.RANDOM));
                    byte[] enrolment = stranger.sealBytes(
                            new TaskId("sentiment"), Kind.ENROL, TranscriptPosition.START, new Enrol(1, key, ZERO));
                    offer.getCohort().set(3, new CohortMember("bank-x", key, ByteBuffer.wrap(enrolment)));
                }));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("offers")
    void offer_withALie_isRefusedAndNothingDealt(Refusal refusal, String lie, Consumer<BlockOffer> change)
            throws Exception {
        federation.offerBlock(1, 1, change);
        assertThat(bankA.refusals()).containsExactly(refusal);
        assertThat(bankA.runner.state()).isInstanceOf(SiteState.SittingOut.class);
        assertThat(federation.server.bundles(federation.coordination.offer.getBlock()))
                .doesNotContainKey(bankA.id);
    }

    @Test
    void offer_underAnEnrolmentThisSiteDoesNotKnow_isRefused() throws Exception {
        federation.catchUp();
        bankA.storage.files.keySet().removeIf(name -> name.endsWith("enrolment"));
        federation.offerBlock(1, 1, untouched -> {});
        assertThat(bankA.refusals()).containsExactly(Refusal.OWN_ENROLMENT_REPLACED);
    }

    @Test
    void offer_underAnEnrolmentOfALostState_isRefused() throws Exception {
        federation.catchUp();
        bankA.storage.files.clear();
        federation.coordination.offer(1, 1, federation.server.enrolments(1).values(), untouched -> {});
        bankA.runner = null;
        // The new state directory knows another enrolment for the same block.
        bankA.start();
        SiteJournal journal = SiteJournal.open(bankA.storage, federation.parties.task.id(), bankA.id);
        journal.enrol(1, new StoredEnrolment(new byte[32], new byte[32], new byte[0]));
        bankA.catchUp();
        assertThat(bankA.refusals()).containsExactly(Refusal.OWN_ENROLMENT_REPLACED);
    }

    /** With ten sites one of them may collude: a bare majority is not enough. */
    @Test
    void offer_whoseThresholdColludersGetAround_isRefused() throws Exception {
        federation = new Federation(models, new Parties(Parties.task(), 10));
        federation.offerBlock(1, 1, offer -> offer.setThreshold(5));
        assertThat(federation.member("bank-a").refusals()).containsExactly(Refusal.THRESHOLD_TOO_LOW);
        federation = new Federation(
                models,
                new Parties(Parties.task("encoding:", "protocol: {colluding: 0.3, dropout: 0.1}\nencoding:"), 10));
        federation.offerBlock(1, 1, untouched -> {});
        // (10 + 3) / 2 + 1 shares, and not the 6 of a majority.
        assertThat(federation.member("bank-a").refusals()).containsExactly(Refusal.THRESHOLD_TOO_LOW);
        federation.coordination.offer(2, 1, federation.server.enrolments(1).values(), offer -> offer.setThreshold(7));
        federation.catchUp();
        assertThat(federation.member("bank-a").refusals()).last().isEqualTo(Refusal.MEMBER_NOT_TRUSTED);
    }

    @Test
    void offer_ofABlockThatRuns_isRefusedAndTheBlockAbandoned() throws Exception {
        federation.sealBlock(1, 1);
        federation.open(1, 1, untouched -> {});
        federation.coordination.offer(1, 1, federation.server.enrolments(1).values(), untouched -> {});
        federation.catchUp();
        assertThat(bankA.refusals()).containsExactly(Refusal.BAD_TERMS);
        federation.open(1, 1, untouched -> {});
        assertThat(bankA.update.calls).isEqualTo(1);
        bankA.restart();
        assertThat(bankA.runner.state()).isEqualTo(new SiteState.SittingOut(1, 2));
    }
}
