package dev.sotto.coordination.function;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.contracts.Topics;
import dev.sotto.contracts.avro.Beacon;
import dev.sotto.contracts.avro.BlockAborted;
import dev.sotto.contracts.avro.BlockOffer;
import dev.sotto.contracts.avro.CohortMember;
import dev.sotto.contracts.avro.Enrol;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Reveal;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.contracts.avro.Seal;
import dev.sotto.contracts.avro.SiteBundle;
import dev.sotto.coordination.fixture.Parties;
import dev.sotto.coordination.fixture.Play;
import dev.sotto.coordination.fixture.PlayedSite;
import dev.sotto.coordination.protocol.Enrolling;
import dev.sotto.coordination.protocol.Offered;
import dev.sotto.coordination.protocol.Revealing;
import dev.sotto.secagg.GraphParameters;
import dev.sotto.secagg.MaskExpander;
import dev.sotto.secagg.RefusedException;
import dev.sotto.secagg.SignedSeed;
import dev.sotto.secagg.SiteId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Blocks of more sites than the complete graph is for. */
class SparseBlockTest {
    private static final int SITES = 103;
    private static final Parties PARTIES = new Parties(SITES);
    private static final Duration REVEAL_TIME = Duration.ofSeconds(30);

    private final Play play = new Play(
            Play.text().replace("perBlock: 2", "perBlock: 1")
                    + "protocol: {colluding: 0.02, dropout: 0.05, strikes: 3, quarantineBlocks: 1}\n",
            PARTIES);

    @Test
    void offer_aboveAHundredSites_hasTheDegreeAndThresholdOfTheBounds() {
        play.started().enrolled(1);
        BlockOffer offer = offer();
        GraphParameters expected = GraphParameters.find(SITES, 0.02, 0.05);
        assertThat(offer.getDegree()).isEqualTo(expected.degree()).isPositive();
        assertThat(offer.getThreshold()).isEqualTo(expected.threshold());
        assertThat(play.block()).isInstanceOf(Revealing.class);
        PlayedSite site = play.sites.get(0);
        play.fromSite(site, site.sign(Kind.BUNDLE, new SiteBundle(1, List.of())));
        assertThat(play.refusals(Topics.SITES)).containsExactly("WRONG_ROUND");
    }

    @Test
    void round_onASparseGraphWithADropout_publishesSeedsThatGiveThePlainSum() throws RefusedException {
        play.started().enrolled(1).revealed();
        assertThat(play.transcript().last(Kind.BEACON, Beacon.class).getReveals())
                .hasSize(SITES);
        play.dealt();
        assertThat(play.transcript().last(Kind.SEAL, Seal.class).getMembers()).hasSize(SITES);
        RoundOpen open = play.transcript().last(Kind.ROUND_OPEN, RoundOpen.class);
        assertThat(open.getGroups()).isEqualTo(1);
        int entries = 16;
        int[] plain = new int[entries];
        int[] masked = new int[entries];
        SplittableRandom values = new SplittableRandom(5);
        List<PlayedSite> survivors = play.sites.subList(2, SITES);
        for (PlayedSite site : survivors) {
            int[] vector = values.ints(entries, -1000, 1000).toArray();
            int[] upload = site.masked(vector, play.transcript(), play.round(1));
            for (int i = 0; i < entries; i++) {
                plain[i] += vector[i];
                masked[i] += upload[i];
            }
        }
        play.close(1, survivors.stream().map(site -> site.id).toList());
        for (PlayedSite site : survivors) {
            play.fromSite(site, site.unmask(play.transcript(), play.round(1)));
        }
        assertThat(play.refusals(Topics.SITES)).isEmpty();
        MaskExpander expander = new MaskExpander();
        assertThat(play.seeds()).hasSize(1);
        for (SignedSeed seed : play.seeds().get(0).get(0)) {
            seed.apply(expander, 0, masked, 0, entries);
        }
        assertThat(masked).isEqualTo(plain);
    }

    @Test
    void reveal_repeatedOrAfterTheBeacon_changesNothing() {
        play.started().enrolled(1);
        PlayedSite first = play.sites.get(0);
        play.fromSite(first, first.reveal(play.transcript()));
        play.fromSite(first, first.reveal(play.transcript()));
        assertThat(((Revealing) play.block()).reveals()).hasSize(1);
        play.revealed();
        assertThat(play.block()).isInstanceOf(Offered.class);
        play.fromSite(first, first.reveal(play.transcript()));
        assertThat(play.transcript().count(Kind.BEACON)).isEqualTo(1);
        assertThat(play.refusals(Topics.SITES)).isEmpty();
    }

    @Test
    void reveal_ofAnotherNonceOrUnderAnotherOffer_isAStrike() {
        play.started().enrolled(1);
        PlayedSite liar = play.sites.get(0);
        Reveal other = new Reveal(1, ByteBuffer.wrap(new byte[32]));
        play.fromSite(liar, liar.sign(play.transcript().reached(), Kind.REVEAL, other));
        play.fromSite(liar, liar.sign(Kind.REVEAL, new Reveal(1, ByteBuffer.wrap(liar.nonce(1)))));
        assertThat(play.refusals(Topics.SITES)).containsExactly("INVALID_FIELD", "INVALID_FIELD");
        assertThat(play.strikes(liar)).isEqualTo(2);
        assertThat(((Revealing) play.block()).reveals()).isEmpty();
    }

    @Test
    void reveal_ofAnotherBlock_isRefusedWithoutAStrike() {
        play.started().enrolled(1);
        PlayedSite site = play.sites.get(0);
        play.fromSite(site, site.sign(Kind.REVEAL, new Reveal(2, ByteBuffer.wrap(site.nonce(2)))));
        assertThat(play.refusals(Topics.SITES)).containsExactly("WRONG_ROUND");
        assertThat(play.strikes(site)).isZero();
    }

    @Test
    void reveal_missing_givesTheBlockUpAndTheNextIsOfferedToTheOthers() {
        play.started().enrolled(1);
        PlayedSite silent = play.sites.get(0);
        revealedBut(silent);
        play.runtime.advance(REVEAL_TIME);
        BlockAborted aborted = play.transcript().last(Kind.BLOCK_ABORTED, BlockAborted.class);
        assertThat(aborted.getBlock()).isEqualTo(1);
        assertThat(aborted.getReason()).contains("[site-0000] did not reveal").contains("offer 1 of at most 8");
        assertThat(play.block()).isInstanceOf(Enrolling.class);

        play.enrolled(2);
        assertThat(offer().getBlock()).isEqualTo(2);
        assertThat(offer().getFirstRound()).isEqualTo(1);
        assertThat(offer().getCohort())
                .hasSize(SITES - 1)
                .extracting(CohortMember::getSite)
                .doesNotContain("site-0000");
        revealedBut(silent);
        assertThat(play.transcript().count(Kind.BEACON)).isEqualTo(1);
        assertThat(play.block()).isInstanceOf(Offered.class);
    }

    @Test
    void reveal_missingTooLate_changesNothing() {
        play.started().enrolled(1).revealed();
        play.runtime.advance(REVEAL_TIME);
        assertThat(play.transcript().count(Kind.BLOCK_ABORTED)).isZero();
        assertThat(play.block()).isInstanceOf(Offered.class);
    }

    @Test
    void enrolment_withoutACommitmentOrAHalfOne_isRefused() {
        play.started();
        PlayedSite site = play.sites.get(0);
        ByteBuffer key = ByteBuffer.wrap(new byte[] {9}).duplicate();
        play.fromSite(site, site.sign(Kind.ENROL, new Enrol(1, key, ByteBuffer.allocate(0))));
        play.fromSite(site, site.sign(Kind.ENROL, new Enrol(1, key, ByteBuffer.allocate(16))));
        assertThat(play.refusals(Topics.SITES)).containsExactly("INVALID_FIELD", "INVALID_FIELD");
    }

    @Test
    void sites_fewerThanTheGraphWasDrawnFor_areTooFewToSealAndToSurvive() {
        play.started().enrolled(1).revealed();
        for (PlayedSite site : play.sites.subList(0, 97)) {
            play.fromSite(site, site.bundle(play.transcript().terms()));
        }
        play.runtime.advance(Play.LONG);
        assertThat(play.transcript().count(Kind.SEAL)).isZero();
        PlayedSite late = play.sites.get(97);
        play.fromSite(late, late.bundle(play.transcript().terms()));
        assertThat(play.transcript().last(Kind.SEAL, Seal.class).getMembers()).hasSize(98);
        assertThat(play.transcript().announced()).hasSize(98).contains(late.id).doesNotContain(new SiteId("site-0102"));
    }

    private void revealedBut(PlayedSite silent) {
        List<String> cohort =
                offer().getCohort().stream().map(CohortMember::getSite).toList();
        for (PlayedSite site : play.sites) {
            if (site != silent && cohort.contains(site.id.value())) {
                play.fromSite(site, site.reveal(play.transcript()));
            }
        }
    }

    private BlockOffer offer() {
        return play.transcript().last(Kind.BLOCK_OFFER, BlockOffer.class);
    }
}
