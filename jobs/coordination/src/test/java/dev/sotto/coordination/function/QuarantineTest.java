package dev.sotto.coordination.function;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.avro.BlockOffer;
import dev.sotto.contracts.avro.CohortMember;
import dev.sotto.contracts.avro.DeadLetter;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.contracts.avro.Unmask;
import dev.sotto.coordination.fixture.InMemoryRuntime;
import dev.sotto.coordination.fixture.Play;
import dev.sotto.coordination.fixture.PlayedSite;
import dev.sotto.coordination.protocol.AwaitingSites;
import dev.sotto.coordination.protocol.Enrolling;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Strikes act: two of them keep a site out for two blocks. */
class QuarantineTest {
    private final Play play = new Play(Play.text().replace("count: 1, perBlock: 2", "count: 9, perBlock: 1")
            + "protocol: {strikes: 2, quarantineBlocks: 2}\n");
    private final PlayedSite liar = play.sites.get(3);

    @Test
    void strikes_belowTheBound_changeNothing() {
        play.started().enrolled(1);
        lie(1);
        play.dealt();
        assertThat(announced()).hasSize(4);
    }

    @Test
    void site_convictedInABlock_isNotAnnouncedAndKeptOutOfTheNextTwo() throws Exception {
        play.started().enrolled(1);
        lie(2);
        play.dealt();
        assertThat(announced()).containsExactly("site-a", "site-b", "site-c");
        for (int block = 2; block <= 3; block++) {
            end(block - 1);
            play.fromSite(liar, liar.enrol(block));
            assertThat(detail()).contains("kept out up to and with block 3");
            enrolOthers(block);
            // Nobody waits for a site that may not come.
            assertThat(cohort()).containsExactly("site-a", "site-b", "site-c");
            dealOthers();
        }
        assertThat(play.refusals(Topics.SITES))
                .containsExactly("INVALID_FIELD", "INVALID_FIELD", "QUARANTINED", "QUARANTINED");
        assertThat(play.strikes(liar)).isEqualTo(2);
        end(3);
        play.enrolled(4);
        assertThat(cohort()).hasSize(4);
    }

    @Test
    void site_convictedAgain_isKeptOutAgain() {
        play.started().enrolled(1);
        lie(4);
        play.dealt();
        end(1);
        play.fromSite(liar, liar.enrol(2));
        assertThat(play.refusals(Topics.SITES)).hasSize(5).endsWith("QUARANTINED");
    }

    @Test
    void site_convictedWhileItWaitsForTheNextBlock_loosesItsEnrolment() {
        play.opened();
        play.fromSite(liar, liar.enrol(2));
        lie(2);
        end(1);
        enrolOthers(2);
        assertThat(cohort()).containsExactly("site-a", "site-b", "site-c");
    }

    @Test
    void site_convictedBeforeTheModelIsThere_loosesItsEnrolmentForTwoBlocks() {
        play.enrolled(1);
        lie(2);
        play.fromSite(liar, liar.enrol(1));
        assertThat(play.refusals(Topics.SITES)).endsWith("QUARANTINED");
        play.started();
        assertThat(cohort()).containsExactly("site-a", "site-b", "site-c");
        dealOthers();
        end(1);
        play.fromSite(liar, liar.enrol(2));
        assertThat(play.refusals(Topics.SITES)).endsWith("QUARANTINED", "QUARANTINED");
        enrolOthers(2);
        dealOthers();
        end(2);
        play.enrolled(3);
        assertThat(cohort()).hasSize(4);
    }

    @Test
    void site_convictedAsTheLastOneWaitedFor_letsTheOthersGoOn() {
        play.started();
        enrolOthers(1);
        assertThat(play.block()).isInstanceOf(Enrolling.class);
        lie(2);
        assertThat(cohort()).containsExactly("site-a", "site-b", "site-c");
    }

    @Test
    void site_convictedWithTooFewLeft_makesTheRoundWait() {
        play.started().enrolled(1);
        lie(2);
        for (PlayedSite site : play.sites.subList(1, 4)) {
            play.fromSite(site, site.bundle(play.transcript().terms()));
        }
        play.runtime.advance(Duration.ofSeconds(30));
        assertThat(play.transcript().count(Kind.SEAL)).isEqualTo(1);
        assertThat(play.transcript().count(Kind.ROUND_OPEN)).isZero();
        assertThat(play.block()).isInstanceOf(AwaitingSites.class);
        // Its word is no help.
        play.fromSite(liar, liar.intent(play.transcript(), 1, true));
        assertThat(play.transcript().count(Kind.ROUND_OPEN)).isZero();
    }

    /** Signs what no honest site does. */
    private void lie(int times) {
        for (int i = 0; i < times; i++) {
            play.fromSite(
                    liar,
                    liar.sign(
                            Kind.UNMASK, new Unmask(0, ByteBuffer.allocate(i), List.of(), true, List.of(), List.of())));
        }
    }

    /** Ends the block with its only round. */
    private void end(int round) {
        play.closed(round, play.aggregation.windowClosed(play.round(round), List.of(), List.of()));
    }

    private void enrolOthers(int block) {
        play.sites.subList(0, 3).forEach(site -> play.fromSite(site, site.enrol(block)));
    }

    private void dealOthers() {
        play.sites
                .subList(0, 3)
                .forEach(site ->
                        play.fromSite(site, site.bundle(play.transcript().terms())));
    }

    private List<String> announced() {
        return play.transcript().last(Kind.ROUND_OPEN, RoundOpen.class).getAnnounced();
    }

    private List<String> cohort() {
        return play.transcript().last(Kind.BLOCK_OFFER, BlockOffer.class).getCohort().stream()
                .map(CohortMember::getSite)
                .toList();
    }

    private String detail() throws Exception {
        List<InMemoryRuntime.Sent> letters = play.runtime.sent(Topics.SITES.deadLetters());
        return AvroCodec.decode(letters.get(letters.size() - 1).value(), DeadLetter.class)
                .getDetail();
    }
}
