package dev.sotto.coordination.function;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.avro.BlockOffer;
import dev.sotto.contracts.avro.CohortMember;
import dev.sotto.contracts.avro.Enrol;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.contracts.avro.Seal;
import dev.sotto.contracts.avro.SiteBundle;
import dev.sotto.contracts.avro.TaskEnd;
import dev.sotto.coordination.fixture.Play;
import dev.sotto.coordination.fixture.PlayedSite;
import dev.sotto.coordination.protocol.BlockState;
import dev.sotto.coordination.protocol.Enrolling;
import dev.sotto.coordination.protocol.Offered;
import dev.sotto.coordination.protocol.Recipient;
import dev.sotto.coordination.protocol.RoundEnded;
import dev.sotto.coordination.protocol.Running;
import dev.sotto.secagg.AgreementKeyPair;
import dev.sotto.secagg.SiteId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlockFunctionTest {
    private final Play play = new Play();

    @Test
    void task_withItsModelAndAllSites_offersABlockThatProvesEveryEnrolment() throws RejectedRecordException {
        play.started().enrolled(1);
        BlockOffer offer = play.transcript().last(Kind.BLOCK_OFFER, BlockOffer.class);
        assertThat(offer.getCohort())
                .extracting(CohortMember::getSite)
                .isSorted()
                .hasSize(4);
        assertThat(offer.getThreshold()).isEqualTo(3);
        assertThat(offer.getRounds()).isEqualTo(2);
        assertThat(AvroCodec.bytes(offer.getTaskHash())).isEqualTo(play.task.sha256());
        for (CohortMember member : offer.getCohort()) {
            assertThat(play.parties
                            .verifier()
                            .open(AvroCodec.bytes(member.getEnrolment()))
                            .payload(Enrol.class)
                            .getEncryptionKey())
                    .isEqualTo(member.getEncryptionKey());
        }
    }

    @Test
    void enrolments_beforeTheModel_countOnceItIsThere() {
        play.enrolled(1);
        assertThat(play.transcript().kinds()).isEmpty();
        play.started();
        assertThat(play.transcript().kinds()).containsExactly(Kind.BLOCK_OFFER);
    }

    @Test
    void enrolment_repeated_changesNothing() {
        play.started();
        PlayedSite site = play.sites.get(0);
        play.fromSite(site, site.enrol(1));
        play.fromSite(site, site.enrol(1));
        assertThat(((Enrolling) state()).enrolled()).hasSize(1);
        assertThat(play.refusals(Topics.SITES)).isEmpty();
    }

    @Test
    void enrolment_withASecondKey_isAConflictAndTheFirstCounts() {
        play.started();
        PlayedSite site = play.sites.get(0);
        play.fromSite(site, site.enrol(1));
        PlayedSite again =
                new PlayedSite(site.id, play.parties.sites.get(site.id), play.task.id(), play.parties.random);
        play.fromSite(again, again.enrol(1));
        assertThat(play.refusals(Topics.SITES)).containsExactly("CONFLICT");
        assertThat(play.strikes(site)).isEqualTo(1);
    }

    @Test
    void enrolment_withAKeyThatIsNone_isRefused() {
        play.started();
        PlayedSite site = play.sites.get(0);
        play.fromSite(site, site.sign(Kind.ENROL, new Enrol(1, ByteBuffer.allocate(31), ByteBuffer.allocate(0))));
        play.fromSite(site, site.sign(Kind.ENROL, new Enrol(1, ByteBuffer.allocate(32), ByteBuffer.allocate(0))));
        assertThat(play.refusals(Topics.SITES)).containsExactly("INVALID_FIELD", "INVALID_FIELD");
    }

    @Test
    void enrolment_forAnotherBlock_isRefusedWithoutAStrike() {
        play.started();
        PlayedSite site = play.sites.get(0);
        play.fromSite(site, site.enrol(2));
        assertThat(play.refusals(Topics.SITES)).containsExactly("WRONG_ROUND");
        assertThat(play.strikes(site)).isZero();
    }

    @Test
    void enrolment_whenTimeIsOver_waitsForTheLeastCohort() {
        play.started();
        for (PlayedSite site : play.sites.subList(0, 2)) {
            play.fromSite(site, site.enrol(1));
        }
        play.runtime.advance(Play.LONG);
        assertThat(play.transcript().kinds()).isEmpty();
        PlayedSite third = play.sites.get(2);
        play.fromSite(third, third.enrol(1));
        assertThat(play.transcript().last(Kind.BLOCK_OFFER, BlockOffer.class).getCohort())
                .hasSize(3);
    }

    @Test
    void bundles_ofAll_sealTheBlockAndOpenItsFirstRound() {
        play.opened();
        assertThat(play.transcript().kinds())
                .containsExactly(
                        Kind.BLOCK_OFFER,
                        Kind.ROSTER,
                        Kind.ROSTER,
                        Kind.ROSTER,
                        Kind.ROSTER,
                        Kind.SEAL,
                        Kind.ROUND_OPEN);
        assertThat(play.transcript().recomputedSeal())
                .isEqualTo(play.transcript().sealHash());
        RoundOpen open = play.transcript().last(Kind.ROUND_OPEN, RoundOpen.class);
        assertThat(open.getRound()).isEqualTo(1);
        assertThat(open.getModelVersion()).isZero();
        assertThat(open.getAnnounced()).hasSize(4);
        assertThat(open.getEntries()).isEqualTo(play.task.chunks().entries());
        assertThat(open.getRhoSpent()).isPositive();
        assertThat(state()).isInstanceOf(Running.class);
    }

    @Test
    void bundles_ofAPart_sealTheBlockWithThemWhenTimeIsOver() {
        play.started().enrolled(1);
        for (PlayedSite site : play.sites.subList(1, 4)) {
            play.fromSite(site, site.bundle(play.transcript().terms()));
        }
        assertThat(state()).isInstanceOf(Offered.class);
        play.runtime.advance(Duration.ofSeconds(30));
        assertThat(play.transcript().last(Kind.SEAL, Seal.class).getMembers())
                .containsExactly("site-b", "site-c", "site-d");
        assertThat(play.transcript().announced())
                .extracting(SiteId::value)
                .containsExactly("site-b", "site-c", "site-d");
    }

    @Test
    void bundle_repeated_changesNothing() {
        play.started().enrolled(1);
        PlayedSite site = play.sites.get(0);
        play.fromSite(site, site.bundle(play.transcript().terms()));
        play.fromSite(site, site.bundle(play.transcript().terms()));
        assertThat(((Offered) state()).dealt()).hasSize(1);
        assertThat(play.refusals(Topics.SITES)).isEmpty();
    }

    @Test
    void bundle_withOtherKeys_isAConflictAndTheFirstCounts() throws RejectedRecordException {
        play.started().enrolled(1);
        PlayedSite site = play.sites.get(0);
        byte[] first = site.bundle(play.transcript().terms());
        play.fromSite(site, first);
        SiteBundle other = play.parties.verifier().open(first).payload(SiteBundle.class);
        byte[] key = AgreementKeyPair.generate(play.parties.random).publicKey().bytes();
        other.getRounds().get(0).setMaskKey(ByteBuffer.wrap(key));
        play.fromSite(site, site.sign(Kind.BUNDLE, other));
        assertThat(play.refusals(Topics.SITES)).containsExactly("CONFLICT");
        assertThat(play.strikes(site)).isEqualTo(1);
    }

    @Test
    void bundle_withTooFewRounds_isRefused() throws RejectedRecordException {
        play.started().enrolled(1);
        PlayedSite site = play.sites.get(0);
        SiteBundle cut = play.parties
                .verifier()
                .open(site.bundle(play.transcript().terms()))
                .payload(SiteBundle.class);
        cut.setRounds(cut.getRounds().subList(0, 1));
        play.fromSite(site, site.sign(Kind.BUNDLE, cut));
        assertThat(play.refusals(Topics.SITES)).containsExactly("INVALID_FIELD");
    }

    @Test
    void bundle_beforeAnOfferOrAfterTheSeal_isRefusedWithoutAStrike() {
        play.opened();
        PlayedSite site = play.sites.get(0);
        play.fromSite(site, site.bundle(play.transcript().terms()));
        assertThat(play.refusals(Topics.SITES)).containsExactly("WRONG_ROUND");
        assertThat(play.strikes(site)).isZero();
    }

    @Test
    void model_repeatedByTheOperator_changesNothing() {
        play.started().started();
        assertThat(play.refusals(Topics.MODELS)).isEmpty();
    }

    @Test
    void model_secondStartingPoint_isAConflict() {
        play.started();
        play.announce(play.aggregation.model(play.parties.operator(), 0, 0, new byte[0], List.of(), "another"));
        assertThat(play.refusals(Topics.MODELS)).containsExactly("CONFLICT");
    }

    @Test
    void model_versionZeroByAggregation_isRefused() {
        play.announce(play.aggregation.model(play.parties.aggregation(), 0, 0, new byte[0], List.of(), "initial"));
        assertThat(play.refusals(Topics.MODELS)).containsExactly("UNKNOWN_SIGNER");
    }

    @Test
    void model_laterVersionByTheOperator_isRefused() {
        play.opened();
        play.announce(play.aggregation.model(play.parties.operator(), 1, 1, new byte[32], List.of(), "forged"));
        assertThat(play.refusals(Topics.MODELS)).containsExactly("UNKNOWN_SIGNER");
    }

    @Test
    void rollback_byTheOperator_changesNothingHere() {
        play.opened();
        long before = play.transcript().count(Kind.ROUND_OPEN);
        play.announce(play.aggregation.rollback(play.parties.operator(), 0, 3));
        assertThat(play.refusals(Topics.MODELS)).isEmpty();
        assertThat(play.transcript().count(Kind.ROUND_OPEN)).isEqualTo(before);
        assertThat(play.transcript().count(Kind.TASK_END)).isZero();
    }

    @Test
    void rollback_byAggregation_isRefused() {
        play.opened();
        play.announce(play.aggregation.rollback(play.parties.aggregation(), 0, 3));
        assertThat(play.refusals(Topics.MODELS)).containsExactly("UNKNOWN_SIGNER");
    }

    @Test
    void model_ofATaskThatNobodyRunsHere_isRefused() {
        byte[] model = play.aggregation.model(play.parties.operator(), 0, 0, new byte[0], List.of(), "initial");
        play.runtime.ingress(Recipient.Role.BLOCK, "other", model);
        play.runtime.ingress(Recipient.Role.BLOCK, "-", new byte[0]);
        assertThat(play.refusals(Topics.MODELS)).containsExactly("WRONG_TASK", "MALFORMED");
    }

    @Test
    void budget_thatDoesNotAllowARound_endsTheTaskBeforeItOpens() {
        Play poor = new Play(Play.text().replace("budgetEpsilon: 20", "budgetEpsilon: 0.5"));
        poor.opened();
        assertThat(poor.transcript().count(Kind.ROUND_OPEN)).isZero();
        TaskEnd end = poor.transcript().last(Kind.TASK_END, TaskEnd.class);
        assertThat(end.getReason()).contains("privacy budget");
        assertThat(end.getRounds()).isZero();
        assertThat(poor.roundState(1)).isInstanceOf(RoundEnded.class);
        assertThat(poor.roundState(2)).isInstanceOf(RoundEnded.class);
        PlayedSite site = poor.sites.get(0);
        poor.fromSite(site, site.enrol(2));
        assertThat(poor.refusals(Topics.SITES)).containsExactly("LATE");
    }

    private BlockState state() {
        return play.block();
    }
}
