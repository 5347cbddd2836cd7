package dev.sotto.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.contracts.avro.Unmask;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A site whose operator wants it to stay out for a while. */
class PauseTest {
    @TempDir
    Path models;

    private Federation federation;
    private Federation.Member bankA;

    @BeforeEach
    void found() throws Exception {
        federation = new Federation(models);
        bankA = federation.member("bank-a");
    }

    @Test
    void pause_betweenRounds_isSaidOnceAndTakenBackOnce() throws Exception {
        federation.sealBlock(1, 1);
        bankA.paused = true;
        federation.catchUp();
        federation.catchUp();
        bankA.restart();
        assertThat(federation.server.intents(bankA.id)).containsExactly(false);
        bankA.paused = false;
        federation.catchUp();
        federation.catchUp();
        assertThat(federation.server.intents(bankA.id)).containsExactly(false, true);
        assertThat(bankA.events.stream().map(SiteEvent::line).toList()).endsWith("block 1 paused", "block 1 resumed");
        assertThat(federation.server.intents(federation.member("bank-b").id)).isEmpty();
    }

    @Test
    void pause_inARound_ridesOnTheSharesAndNeedsNoIntent() throws Exception {
        federation.sealBlock(1, 1);
        federation.open(1, 1, untouched -> {});
        bankA.paused = true;
        // Both records come at once, as they do for a site that was busy.
        federation.survivors(1);
        assertThat(intent(1)).isFalse();
        assertThat(federation.server.intents(bankA.id)).isEmpty();
        federation.assertSumIsExact(1);
        bankA.paused = false;
        federation.catchUp();
        assertThat(federation.server.intents(bankA.id)).containsExactly(true);
    }

    private boolean intent(int round) throws Exception {
        return federation
                .server
                .answers(round)
                .get(bankA.id)
                .payload(Unmask.class)
                .getIntent();
    }

    @Test
    void round_thatAnnouncesAPausedSite_isSkippedAndItsSharesStillGiven() throws Exception {
        federation.sealBlock(1, 1);
        bankA.paused = true;
        federation.open(1, 1, untouched -> {});
        assertThat(bankA.events).contains(new SiteEvent.Skipped(1, "the site is paused"));
        assertThat(bankA.update.calls).isZero();
        federation.survivors(1);
        assertThat(federation.server.manifests(1)).hasSize(3);
        assertThat(intent(1)).isFalse();
        federation.assertSumIsExact(1);
    }

    @Test
    void round_withoutThePausedSite_costsNobodyAnything() throws Exception {
        federation.sealBlock(1, 1);
        bankA.paused = true;
        federation.catchUp();
        federation.open(1, 1, open -> open.getAnnounced().remove("bank-a"));
        federation.survivors(1);
        assertThat(federation.server.manifests(1)).hasSize(3);
        assertThat(federation.server.answers(1)).hasSize(3);
        federation.coordination.result(1);
        bankA.paused = false;
        federation.catchUp();
        federation.open(1, 2, untouched -> {});
        assertThat(federation.server.manifests(2)).hasSize(4);
    }

    @Test
    void pausedSite_withoutABlock_enrolsWhenItIsResumed() throws Exception {
        bankA.paused = true;
        federation.catchUp();
        federation.catchUp();
        assertThat(federation.server.enrolments(1)).hasSize(3);
        assertThat(bankA.events).containsExactly(new SiteEvent.Paused(1));
        bankA.paused = false;
        federation.catchUp();
        assertThat(federation.server.enrolments(1)).hasSize(4);
    }

    @Test
    void pausedSite_thatHasEnrolled_stillDealsSoThatTheBlockIsNotLost() throws Exception {
        federation.catchUp();
        bankA.paused = true;
        federation.sealBlock(1, 1);
        assertThat(federation.server.bundles(1)).hasSize(4);
        assertThat(federation.server.intents(bankA.id)).containsExactly(false);
    }

    @Test
    void answer_sentAgainAfterTheSiteWasResumed_isFollowedByTheNewIntent() throws Exception {
        federation.sealBlock(1, 1);
        federation.open(1, 1, untouched -> {});
        bankA.paused = true;
        federation.survivors(1);
        bankA.paused = false;
        federation.catchUp();
        federation.survivors(1);
        assertThat(federation.server.intents(bankA.id)).containsExactly(true, true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"before sending to fl.sites", "after sending to fl.sites", "after writing block-1.intent"})
    void site_killedWhileItSaysSo_saysSo(String point) throws Exception {
        federation.sealBlock(1, 1);
        bankA.plan = CrashPlan.after(point);
        bankA.paused = true;
        bankA.restart();
        assertThat(bankA.plan.killed()).isEqualTo(1);
        assertThat(federation.server.intents(bankA.id)).isNotEmpty().containsOnly(false);
        federation.open(1, 1, open -> open.getAnnounced().remove("bank-a"));
        federation.survivors(1);
        assertThat(federation.server.answers(1)).hasSize(3);
    }
}
