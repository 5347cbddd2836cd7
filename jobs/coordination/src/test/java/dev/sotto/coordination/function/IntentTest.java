package dev.sotto.coordination.function;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.contracts.Topics;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.BlockAborted;
import dev.sotto.contracts.avro.BlockOffer;
import dev.sotto.contracts.avro.Intent;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.coordination.fixture.Play;
import dev.sotto.coordination.fixture.PlayedSite;
import dev.sotto.coordination.protocol.AwaitingSites;
import dev.sotto.coordination.protocol.Enrolling;
import dev.sotto.coordination.protocol.RoundEnded;
import dev.sotto.secagg.RefusedException;
import dev.sotto.secagg.SiteId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is announced follows from what the sites say of themselves. */
class IntentTest {
    private final Play play = Play.ofRounds(3, 4);
    private final PlayedSite leaver = play.sites.get(3);

    @Test
    void answer_thatSaysNo_leavesTheSiteOutOfTheNextRound() throws RefusedException {
        play.opened();
        roundOfAll(1, false);
        assertThat(announced()).containsExactly("site-a", "site-b", "site-c");
        assertThat(open().getRound()).isEqualTo(2);
    }

    @Test
    void intent_afterTheAnswer_bringsTheSiteBack() throws RefusedException {
        play.opened();
        answersOfAll(1, false);
        play.fromSite(leaver, leaver.intent(play.transcript(), 1, true));
        play.announce(play.aggregation.model(play.round(1), 1, play.transcript().modelHash(), ids(), "one"));
        assertThat(announced()).hasSize(4);
        assertThat(play.refusals(Topics.SITES)).isEmpty();
    }

    @Test
    void intent_thatComesAfterANewerOne_changesNothing() {
        play.opened();
        TranscriptPosition before =
                new TranscriptPosition(play.transcript().reached().sequence() - 1, new byte[32]);
        byte[] old = leaver.sign(before, Kind.INTENT, new Intent(1, true));
        play.fromSite(leaver, leaver.intent(play.transcript(), 1, false));
        play.fromSite(leaver, old);
        abort(1);
        assertThat(announced()).hasSize(3).doesNotContain("site-d");
    }

    @Test
    void answer_repeatedAfterAnIntent_doesNotUndoIt() throws RefusedException {
        play.closed();
        PlayedSite site = play.sites.get(0);
        byte[] answer = site.unmask(play.transcript(), play.round(1));
        play.fromSite(site, answer);
        play.runtime.advance(Duration.ofSeconds(61));
        play.fromSite(site, site.intent(play.transcript(), 1, false));
        play.fromSite(site, answer);
        abort(2);
        assertThat(announced()).containsExactly("site-b", "site-c", "site-d");
    }

    @Test
    void intent_ofAnotherBlockOrBeforeTheSeal_isRefusedWithoutAStrike() {
        play.started().enrolled(1);
        play.fromSite(leaver, leaver.intent(play.transcript(), 1, false));
        play.dealt();
        play.fromSite(leaver, leaver.intent(play.transcript(), 2, false));
        assertThat(play.refusals(Topics.SITES)).containsExactly("WRONG_ROUND", "WRONG_ROUND");
        assertThat(play.strikes(leaver)).isZero();
    }

    @Test
    void intent_ofASiteWithoutABundle_isRefusedWithoutAStrike() {
        play.started().enrolled(1);
        for (PlayedSite site : play.sites.subList(0, 3)) {
            play.fromSite(site, site.bundle(play.transcript().terms()));
        }
        play.runtime.advance(Duration.ofSeconds(30));
        play.fromSite(leaver, leaver.intent(play.transcript(), 1, false));
        assertThat(play.refusals(Topics.SITES)).containsExactly("WRONG_ROUND");
    }

    @Test
    void sites_tooFewWilling_areWaitedForAndTheRoundOpensWhenOneComesBack() {
        play.opened();
        leave(2, 3);
        abort(1);
        assertThat(play.block()).isInstanceOf(AwaitingSites.class);
        assertThat(open().getRound()).isEqualTo(1);
        play.runtime.advance(Duration.ofSeconds(59));
        play.fromSite(leaver, leaver.intent(play.transcript(), 1, true));
        assertThat(open().getRound()).isEqualTo(2);
        assertThat(announced()).containsExactly("site-a", "site-b", "site-d");
        play.runtime.advance(Duration.ofSeconds(10));
        assertThat(play.transcript().count(Kind.BLOCK_ABORTED)).isZero();
    }

    @Test
    void sites_tooFewWillingForTooLong_giveTheBlockUpAndItsRoundNumbersWithIt() {
        play.opened();
        leave(2, 3);
        abort(1);
        play.runtime.advance(Duration.ofSeconds(60));
        BlockAborted aborted = play.transcript().last(Kind.BLOCK_ABORTED, BlockAborted.class);
        assertThat(aborted.getBlock()).isEqualTo(1);
        assertThat(aborted.getReason())
                .contains("2 of block 1's 4 members are willing")
                .contains("3 are needed");
        assertThat(play.block()).isInstanceOf(Enrolling.class);
        assertThat(play.roundState(2)).isInstanceOf(RoundEnded.class);
        assertThat(play.roundState(4)).isInstanceOf(RoundEnded.class);

        play.enrolled(2).dealt();
        assertThat(play.transcript().last(Kind.BLOCK_OFFER, BlockOffer.class).getFirstRound())
                .isEqualTo(5);
        assertThat(open().getRound()).isEqualTo(5);
        assertThat(announced()).hasSize(4);
        play.close(5, play.firstThree());
        play.answered(5, 3);
        assertThat(play.seeds()).hasSize(1);
    }

    @Test
    void intent_whileNobodyWaits_countsFromTheNextRoundOn() {
        play.opened();
        leave(3);
        assertThat(announced()).hasSize(4);
        abort(1);
        assertThat(announced()).hasSize(3);
    }

    private void leave(int... sites) {
        for (int index : sites) {
            PlayedSite site = play.sites.get(index);
            play.fromSite(site, site.intent(play.transcript(), 1, false));
        }
    }

    /** Ends a round without a model. */
    private void abort(int round) {
        play.closed(round, play.aggregation.windowClosed(play.round(round), List.of(), List.of()));
    }

    private void roundOfAll(int round, boolean leaverStays) throws RefusedException {
        answersOfAll(round, leaverStays);
        play.announce(
                play.aggregation.model(play.round(round), 1, play.transcript().modelHash(), ids(), "one"));
    }

    private void answersOfAll(int round, boolean leaverStays) throws RefusedException {
        play.close(round, ids());
        for (PlayedSite site : play.sites) {
            boolean stays = site != leaver || leaverStays;
            play.fromSite(site, site.unmask(play.transcript(), play.round(round), stays));
        }
    }

    private List<SiteId> ids() {
        return play.sites.stream().map(site -> site.id).toList();
    }

    private RoundOpen open() {
        return play.transcript().last(Kind.ROUND_OPEN, RoundOpen.class);
    }

    private List<String> announced() {
        return open().getAnnounced();
    }
}
