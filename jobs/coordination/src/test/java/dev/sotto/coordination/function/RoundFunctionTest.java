package dev.sotto.coordination.function;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.Arrival;
import dev.sotto.contracts.avro.BlockOffer;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.ReleasedMetrics;
import dev.sotto.contracts.avro.RoundAborted;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.contracts.avro.RoundResult;
import dev.sotto.contracts.avro.SiteBundle;
import dev.sotto.contracts.avro.Survivor;
import dev.sotto.contracts.avro.TaskEnd;
import dev.sotto.contracts.avro.Unmask;
import dev.sotto.contracts.avro.UnmaskShareRecord;
import dev.sotto.coordination.fixture.Parties;
import dev.sotto.coordination.fixture.Play;
import dev.sotto.coordination.fixture.PlayedAggregation;
import dev.sotto.coordination.fixture.PlayedSite;
import dev.sotto.coordination.protocol.Recipient;
import dev.sotto.coordination.protocol.Releasing;
import dev.sotto.coordination.protocol.RoundEnded;
import dev.sotto.coordination.protocol.RoundState;
import dev.sotto.secagg.MaskExpander;
import dev.sotto.secagg.RefusedException;
import dev.sotto.secagg.SignedSeed;
import dev.sotto.secagg.SiteId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RoundFunctionTest {
    private final Play play = new Play();

    @Test
    void round_withADropout_publishesSeedsThatGiveThePlainSum() throws RefusedException {
        play.opened();
        int entries = play.transcript().last(Kind.ROUND_OPEN, RoundOpen.class).getEntries();
        int[] plain = new int[entries];
        int[] masked = new int[entries];
        SplittableRandom values = new SplittableRandom(5);
        for (PlayedSite site : play.sites.subList(0, 3)) {
            int[] vector = values.ints(entries, -1000, 1000).toArray();
            int[] upload = site.masked(vector, play.transcript(), play.round(1));
            for (int i = 0; i < entries; i++) {
                plain[i] += vector[i];
                masked[i] += upload[i];
            }
        }
        play.close(1, play.firstThree());
        play.answered(1, 3);
        MaskExpander expander = new MaskExpander();
        assertThat(play.seeds()).hasSize(1);
        for (SignedSeed seed : play.seeds().get(0).get(0)) {
            seed.apply(expander, 0, masked, 0, entries);
        }
        assertThat(masked).isEqualTo(plain);
        assertThat(state(1)).isInstanceOf(Releasing.class);
    }

    @Test
    void round_withItsModel_hasAResultAndEndsTheTask() {
        play.closed().answered(1, 3);
        play.announce(play.model(1, "weights"));
        RoundResult result = play.transcript().last(Kind.ROUND_RESULT, RoundResult.class);
        assertThat(result.getModelVersion()).isEqualTo(1);
        assertThat(result.getSurvivors()).containsExactly("site-a", "site-b", "site-c");
        assertThat(result.getDropouts()).containsExactly("site-d");
        assertThat(result.getMetrics()).isEqualTo(new ReleasedMetrics(700.0, 0.5, 90.0, 0.8));
        TaskEnd end = play.transcript().last(Kind.TASK_END, TaskEnd.class);
        assertThat(end.getRounds()).isEqualTo(1);
        assertThat(end.getEpsilon()).isEqualTo(result.getEpsilon()).isPositive();
        assertThat(state(1)).isInstanceOf(RoundEnded.class);
        // The block had keys for one more, which are forgotten.
        assertThat(state(2)).isInstanceOf(RoundEnded.class);
    }

    @Test
    void clipNorm_thatIsAdaptive_followsFromTheShareOfTheRoundBefore() {
        Play adaptive = new Play(Play.text()
                .replace("count: 1,", "count: 2,")
                .replace("scale: 65536", "scale: 65536, adaptive: {target: 0.5, rate: 0.2, share: 0.5}")
                .replace("noiseMultiplier: 1.0", "noiseMultiplier: 0.2")
                .replace("budgetEpsilon: 20", "budgetEpsilon: 2000"));
        adaptive.closed().answered(1, 3);
        for (Double wrong : new Double[] {null, 1.01, -0.01, Double.NaN}) {
            adaptive.aggregation.unclipped(wrong);
            adaptive.announce(adaptive.model(1, "weights"));
        }
        assertThat(adaptive.refusals(Topics.MODELS)).hasSize(4).containsOnly("BAD_MODEL");
        adaptive.aggregation.unclipped(0.125);
        adaptive.announce(adaptive.model(1, "weights"));
        RoundResult result = adaptive.transcript().last(Kind.ROUND_RESULT, RoundResult.class);
        assertThat(result.getUnclipped()).isEqualTo(0.125);
        RoundOpen next = adaptive.transcript().last(Kind.ROUND_OPEN, RoundOpen.class);
        assertThat(next.getRound()).isEqualTo(2);
        assertThat(next.getClipNorm()).isEqualTo(4 * StrictMath.exp(0.2 * 0.375));
    }

    @Test
    void model_thatTellsOfAClipThatStays_isRefused() {
        play.closed().answered(1, 3);
        play.aggregation.unclipped(0.5);
        play.announce(play.model(1, "weights"));
        assertThat(play.refusals(Topics.MODELS)).containsExactly("BAD_MODEL");
    }

    @Test
    void window_withTooFewSurvivors_abortsAndAFreshRoundOpens() {
        play.opened();
        play.close(1, play.firstThree().subList(0, 2));
        assertThat(play.transcript()
                        .last(Kind.ROUND_ABORTED, RoundAborted.class)
                        .getReason())
                .contains("2 sites survived and 3 are needed");
        RoundOpen fresh = play.transcript().last(Kind.ROUND_OPEN, RoundOpen.class);
        assertThat(fresh.getRound()).isEqualTo(2);
        assertThat(fresh.getModelVersion()).isZero();
        assertThat(play.seeds()).isEmpty();
    }

    @Test
    void window_thatIsNeverClosed_abortsAfterTheGrace() {
        play.opened();
        play.runtime.advance(Duration.ofSeconds(211));
        assertThat(play.transcript()
                        .last(Kind.ROUND_ABORTED, RoundAborted.class)
                        .getReason())
                .contains("did not close the window");
        play.close(1, play.firstThree());
        assertThat(play.refusals(Topics.ARRIVALS)).containsExactly("LATE");
    }

    @Test
    void window_closedAgain_changesNothingIfTheSameAndIsRefusedIfNot() {
        play.closed();
        play.close(1, play.firstThree());
        assertThat(play.refusals(Topics.ARRIVALS)).isEmpty();
        play.close(1, play.sites.stream().map(site -> site.id).toList());
        assertThat(play.refusals(Topics.ARRIVALS)).containsExactly("CONFLICT");
        play.answered(1, 3);
        play.close(1, play.sites.stream().map(site -> site.id).toList());
        assertThat(play.refusals(Topics.ARRIVALS)).containsExactly("CONFLICT", "CONFLICT");
        assertThat(play.transcript().count(Kind.SURVIVORS)).isEqualTo(1);
    }

    @Test
    void window_withASiteThatWasNotAnnounced_isRefused() {
        play.opened();
        List<Survivor> survivors = new ArrayList<>();
        for (PlayedSite site : play.sites.subList(0, 3)) {
            survivors.add(PlayedAggregation.survivor(site, play.transcript()));
        }
        survivors.add(PlayedAggregation.survivor(new SiteId("site-x"), new byte[32], new byte[0]));
        play.closed(1, play.aggregation.windowClosed(play.round(1), survivors, List.of()));
        play.closed(1, play.aggregation.windowClosed(play.round(1), List.of(), List.of(new SiteId("site-x"))));
        assertThat(play.refusals(Topics.ARRIVALS)).containsExactly("INVALID_FIELD", "INVALID_FIELD");
    }

    @Test
    void window_ofARoundThatIsNotOpen_isRefused() {
        play.opened();
        play.close(2, play.firstThree());
        play.close(9, play.firstThree());
        assertThat(play.refusals(Topics.ARRIVALS)).containsExactly("WRONG_ROUND", "WRONG_ROUND");
    }

    @Test
    void window_closedByAStranger_isRefused() {
        play.opened();
        PlayedAggregation stranger = new PlayedAggregation(new Parties(3).aggregation(), play.task.id());
        play.closed(1, stranger.windowClosed(play.round(1), List.of(), List.of()));
        play.runtime.ingress(Recipient.Role.ROUND, "-", new byte[0]);
        play.runtime.ingress(
                Recipient.Role.ROUND, "sentiment", play.aggregation.windowClosed(play.round(1), List.of(), List.of()));
        assertThat(play.refusals(Topics.ARRIVALS)).containsExactly("BAD_SIGNATURE", "MALFORMED", "INVALID_FIELD");
    }

    @Test
    void arrival_ofASite_isTakenNoteOfAndNoMore() {
        play.opened();
        byte[] arrival = play.parties
                .aggregation()
                .sealBytes(
                        play.task.id(),
                        Kind.ARRIVAL,
                        TranscriptPosition.START,
                        new Arrival(1, "site-a", ByteBuffer.allocate(32)));
        play.runtime.ingress(Recipient.Role.ROUND, "sentiment/1", arrival);
        assertThat(play.refusals(Topics.ARRIVALS)).isEmpty();
    }

    @Test
    void answer_repeatedOrMoreThanEnough_publishesNoSecondSeeds() throws RefusedException {
        play.opened();
        play.close(1, play.sites.stream().map(site -> site.id).toList());
        play.answered(1, 2).answered(1, 2);
        assertThat(play.seeds()).isEmpty();
        play.answered(1, 4);
        assertThat(play.seeds()).hasSize(1);
        assertThat(play.refusals(Topics.SITES)).isEmpty();
    }

    @Test
    void answer_ofADropout_isRefused() throws RefusedException {
        play.closed();
        Unmask borrowed = play.sites.get(0).answer(play.transcript(), play.round(1));
        PlayedSite dropout = play.sites.get(3);
        play.fromSite(dropout, dropout.sign(Kind.UNMASK, borrowed));
        assertThat(play.refusals(Topics.SITES)).containsExactly("INVALID_FIELD");
    }

    @Test
    void answer_toAnotherSurvivorsRecord_isRefused() throws RefusedException {
        play.closed();
        PlayedSite site = play.sites.get(0);
        Unmask answer = site.answer(play.transcript(), play.round(1));
        answer.setSurvivorsHash(ByteBuffer.allocate(32));
        play.fromSite(site, site.sign(Kind.UNMASK, answer));
        assertThat(play.refusals(Topics.SITES)).containsExactly("CONFLICT");
    }

    @Test
    void answer_secondAndDifferent_isAConflict() throws RefusedException {
        play.closed().answered(1, 1);
        PlayedSite site = play.sites.get(0);
        Unmask other = site.answer(play.transcript(), play.round(1));
        spoil(other.getShares().get(0));
        play.fromSite(site, site.sign(Kind.UNMASK, other));
        assertThat(play.refusals(Topics.SITES)).containsExactly("CONFLICT");
        assertThat(play.strikes(site)).isEqualTo(1);
    }

    @Test
    void answer_withABadShare_isNamedAndTheOthersMakeUpForIt() throws RefusedException {
        play.opened();
        play.close(1, play.sites.stream().map(site -> site.id).toList());
        PlayedSite liar = play.sites.get(0);
        Unmask bad = liar.answer(play.transcript(), play.round(1));
        spoil(bad.getShares().get(1));
        play.fromSite(liar, liar.sign(Kind.UNMASK, bad));
        assertThat(play.refusals(Topics.SITES)).containsExactly("BAD_SHARE");
        assertThat(play.strikes(liar)).isEqualTo(1);
        for (PlayedSite site : play.sites.subList(1, 3)) {
            play.fromSite(site, site.unmask(play.transcript(), play.round(1)));
        }
        assertThat(play.seeds()).isEmpty();
        play.fromSite(play.sites.get(3), play.sites.get(3).unmask(play.transcript(), play.round(1)));
        assertThat(play.seeds()).hasSize(1);
    }

    @Test
    void dealer_whoseSharesDoNotGiveItsSeed_isStruckAndTheRoundAborted() throws RejectedRecordException {
        play.started().enrolled(1);
        for (PlayedSite site : play.sites) {
            byte[] dealt = site.bundle(play.transcript().terms());
            SiteBundle bundle = play.parties.verifier().open(dealt).payload(SiteBundle.class);
            if (site == play.sites.get(0)) {
                bundle.getRounds().get(0).setSelfMaskCommitment(ByteBuffer.allocate(32));
            }
            play.fromSite(site, site.sign(Kind.BUNDLE, bundle));
        }
        play.close(1, play.firstThree());
        play.answered(1, 3);
        assertThat(play.seeds()).isEmpty();
        assertThat(play.transcript()
                        .last(Kind.ROUND_ABORTED, RoundAborted.class)
                        .getReason())
                .contains("site-a");
        assertThat(play.strikes(play.sites.get(0))).isEqualTo(1);
        assertThat(play.transcript().last(Kind.ROUND_OPEN, RoundOpen.class).getRound())
                .isEqualTo(2);
    }

    @Test
    void answer_forARoundThatIsNotUnmasking_isRefusedWithoutAStrike() throws RefusedException {
        play.closed();
        PlayedSite site = play.sites.get(0);
        Unmask answer = site.answer(play.transcript(), play.round(1));
        answer.setRound(2);
        play.fromSite(site, site.sign(Kind.UNMASK, answer));
        assertThat(play.refusals(Topics.SITES)).containsExactly("WRONG_ROUND");
        assertThat(play.strikes(site)).isZero();
    }

    @Test
    void answers_tooFewInTime_abortAndAFreshRoundOpens() {
        play.closed().answered(1, 2);
        play.runtime.advance(Duration.ofSeconds(61));
        assertThat(play.transcript()
                        .last(Kind.ROUND_ABORTED, RoundAborted.class)
                        .getReason())
                .contains("2 sites answered in time");
        assertThat(play.transcript().last(Kind.ROUND_OPEN, RoundOpen.class).getRound())
                .isEqualTo(2);
        play.close(2, play.firstThree());
        play.answered(2, 3);
        assertThat(play.seeds()).hasSize(1);
    }

    @Test
    void round_afterTheSeeds_waitsForItsModelWhateverTheTimers() {
        play.closed().answered(1, 3);
        play.runtime.advance(Play.LONG);
        assertThat(state(1)).isInstanceOf(Releasing.class);
        assertThat(play.transcript().count(Kind.ROUND_ABORTED)).isZero();
    }

    @Test
    void model_thatTheRoundCannotHaveMade_isRefused() {
        play.closed().answered(1, 3);
        byte[] parent = play.transcript().modelHash();
        play.announce(play.aggregation.model(play.round(1), 2, parent, play.firstThree(), "w"));
        play.announce(play.aggregation.model(play.round(1), 1, new byte[32], play.firstThree(), "w"));
        play.announce(play.aggregation.model(
                play.round(1), 1, parent, play.firstThree().subList(0, 2), "w"));
        assertThat(play.refusals(Topics.MODELS)).containsExactly("BAD_MODEL", "BAD_MODEL", "BAD_MODEL");
        assertThat(play.transcript().count(Kind.ROUND_RESULT)).isZero();
    }

    @Test
    void model_repeated_changesNothingAndAnotherIsAConflict() {
        play.closed().answered(1, 3);
        play.announce(play.model(1, "weights"));
        play.announce(play.model(1, "weights"));
        assertThat(play.refusals(Topics.MODELS)).isEmpty();
        play.announce(play.model(1, "others"));
        assertThat(play.refusals(Topics.MODELS)).containsExactly("CONFLICT");
        assertThat(play.transcript().count(Kind.ROUND_RESULT)).isEqualTo(1);
    }

    @Test
    void model_beforeTheSeedsAreOut_isRefused() {
        play.closed();
        play.announce(play.model(1, "weights"));
        assertThat(play.refusals(Topics.MODELS)).containsExactly("WRONG_ROUND");
    }

    @Test
    void block_withoutRoundsLeft_isFollowedByAnotherWhoseRoundsCountOn() throws RejectedRecordException {
        Play longer = Play.ofRounds(2, 1);
        longer.closed().answered(1, 3);
        longer.announce(longer.model(1, "weights"));
        assertThat(longer.transcript().count(Kind.TASK_END)).isZero();
        longer.enrolled(2);
        BlockOffer offer = longer.transcript().last(Kind.BLOCK_OFFER, BlockOffer.class);
        assertThat(offer.getBlock()).isEqualTo(2);
        assertThat(offer.getFirstRound()).isEqualTo(2);
    }

    @Test
    void enrolment_forTheNextBlockWhileARoundRuns_countsWhenItsTimeComes() {
        Play longer = Play.ofRounds(2, 1);
        longer.closed().answered(1, 3);
        longer.enrolled(2);
        assertThat(longer.transcript().count(Kind.BLOCK_OFFER)).isEqualTo(1);
        longer.announce(longer.model(1, "weights"));
        assertThat(longer.transcript().count(Kind.BLOCK_OFFER)).isEqualTo(2);
    }

    private static void spoil(UnmaskShareRecord share) {
        byte[] bytes = AvroCodec.bytes(share.getShare());
        bytes[0] ^= 1;
        share.setShare(ByteBuffer.wrap(bytes));
    }

    private RoundState state(int round) {
        return play.roundState(round);
    }
}
