package dev.sotto.coordination.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.BlockOffer;
import dev.sotto.contracts.avro.CohortMember;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.coordination.fixture.Play;
import dev.sotto.coordination.fixture.PlayedSite;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class BlockStateTest {
    private static final SiteId SITE = new SiteId("site-a");

    private final Play play = new Play();
    private final Moment moment =
            new Moment(CoordinatedTask.of(play.task, play.parties.trust()), 0, play.parties.verifier());
    private final Progress progress = Progress.start(
            new ModelRef(0, new byte[32], "file:///models", null), 4, new TreeMap<>(), Quarantine.NOBODY);
    private final SealedBlock sealed = new SealedBlock(
            1,
            1,
            2,
            new BlockGraph(3, 0, new byte[0], new TreeMap<>()),
            new TreeSet<>(play.parties.sites.keySet()),
            new byte[32],
            new TreeMap<>());

    @Test
    void reveal_thatOvertakesTheTranscriptsAnswer_isLookedAtAgainSoon() throws RejectedRecordException {
        Revealing revealing = new Revealing(1, progress, new byte[0], null, new TreeMap<>());
        SiteRecord reveal = new SiteRecord(SITE, new byte[0], new byte[32]);
        Decision<BlockState> decision = revealing.reveal(reveal, moment);
        assertThat(decision.next()).isSameAs(revealing);
        assertThat(decision.effects())
                .containsExactly(new Effect.Later(Opening.SOON, new BlockCommand.RevealReceived(reveal)));
    }

    @Test
    void revealTime_overBeforeTheOfferIsWritten_startsAgain() throws RejectedRecordException {
        Revealing revealing = new Revealing(1, progress, new byte[0], null, new TreeMap<>());
        Decision<BlockState> decision = revealing.revealDue(1, moment);
        assertThat(decision.next()).isSameAs(revealing);
        assertThat(decision.effects())
                .containsExactly(new Effect.Later(Duration.ofSeconds(30), new BlockCommand.RevealDue(1)));
    }

    @Test
    void offer_givenUpForTheEighthTimeInARow_endsTheTask() throws RejectedRecordException {
        BlockOffer offer = BlockOffer.newBuilder()
                .setBlock(9)
                .setFirstRound(1)
                .setRounds(2)
                .setThreshold(3)
                .setDegree(4)
                .setCohort(List.of(new CohortMember("site-a", ByteBuffer.allocate(32), ByteBuffer.allocate(0))))
                .setTaskHash(ByteBuffer.allocate(32))
                .setDeadline(0)
                .build();
        SortedSet<SiteId> earlier = new TreeSet<>(List.of(new SiteId("site-b")));
        for (int before = 0; before < 8; before++) {
            Revealing revealing = new Revealing(
                    9,
                    progress.draws(new Draws(before, earlier)),
                    AvroCodec.encode(offer),
                    TranscriptPosition.START,
                    new TreeMap<>());
            Decision<BlockState> decision = revealing.revealDue(9, moment);
            assertThat(kinds(decision).get(0)).isEqualTo(Kind.BLOCK_ABORTED);
            if (before < 7) {
                Enrolling next = (Enrolling) decision.next();
                assertThat(next.block()).isEqualTo(10);
                assertThat(next.progress().draws().givenUp()).isEqualTo(before + 1);
                assertThat(next.progress().draws().silent()).containsExactly(SITE, new SiteId("site-b"));
            } else {
                assertThat(kinds(decision)).containsExactly(Kind.BLOCK_ABORTED, Kind.TASK_END);
                assertThat(((TaskEnded) decision.next()).reason())
                        .contains("8 offers in a row were given up because [site-a, site-b] did not reveal");
            }
        }
    }

    @Test
    void sites_thatWereSilent_areAskedAgainOnlyWhereOthersAreTooFew() throws RejectedRecordException {
        for (int silent = 1; silent <= 2; silent++) {
            SortedSet<SiteId> absent = new TreeSet<>();
            play.sites.subList(0, silent).forEach(site -> absent.add(site.id));
            BlockState state = new Enrolling(2, progress.draws(new Draws(1, absent)), new TreeMap<>(), false);
            for (PlayedSite site : play.sites) {
                SignedRecord signed = play.parties.verifier().open(site.enrol(2));
                SiteRecord enrolment = new SiteRecord(site.id, signed.value(), signed.hash());
                if (state instanceof Enrolling) {
                    state = state.enrol(enrolment, moment).next();
                }
            }
            if (silent == 1) {
                assertThat(cohort((Offered) state)).containsExactly("site-b", "site-c", "site-d");
            } else {
                // Two are fewer than minCohort, so that there is nobody to do without.
                assertThat(((Enrolling) state).enrolled()).hasSize(4);
                assertThat(cohort((Offered) state.enrolDue(2, moment).next())).hasSize(4);
            }
        }
    }

    private static List<String> cohort(Offered offered) throws RejectedRecordException {
        return AvroCodec.decode(offered.offer(), BlockOffer.class).getCohort().stream()
                .map(CohortMember::getSite)
                .toList();
    }

    private static List<Kind> kinds(Decision<BlockState> decision) {
        List<Kind> kinds = new ArrayList<>();
        for (Effect effect : decision.effects()) {
            if (effect instanceof Effect.Tell tell && tell.command() instanceof TranscriptCommand.Append append) {
                kinds.add(append.kind());
            }
        }
        return kinds;
    }

    @Test
    void timers_ofThePast_areIgnored() throws RejectedRecordException {
        BlockState[] states = {
            new Enrolling(2, progress, new TreeMap<>(), false),
            new Revealing(2, progress, new byte[0], TranscriptPosition.START, new TreeMap<>()),
            new Offered(2, progress, new byte[0], new byte[0], new TreeMap<>(), false),
            new Sealing(sealed, progress),
            new Running(sealed, progress),
            new AwaitingSites(sealed, progress.skippedTo(2), TranscriptPosition.START),
            new TaskEnded(new byte[0], "over")
        };
        RoundId first = play.round(1);
        for (BlockState state : states) {
            assertThat(state.enrolDue(1, moment)).isEqualTo(Decision.stay(state));
            assertThat(state.revealDue(1, moment)).isEqualTo(Decision.stay(state));
            assertThat(state.bundleDue(1, moment)).isEqualTo(Decision.stay(state));
            assertThat(state.sitesDue(first, moment)).isEqualTo(Decision.stay(state));
            Written abort = new Written(Kind.BLOCK_ABORTED, TranscriptPosition.START);
            assertThat(state.written(abort, moment)).isEqualTo(Decision.stay(state));
        }
    }

    @Test
    void word_ofAMember_isKeptInEveryStateOfASealedBlock() {
        RoundTerms terms = new RoundTerms(play.round(1), 1, new byte[32], sealed.members(), 1, progress.model(), 4);
        List<InBlock> states = List.of(
                new Sealing(sealed, progress), new Reserving(sealed, progress, terms), new Running(sealed, progress));
        for (InBlock state : states) {
            InBlock no = (InBlock) state.answered(word(1, 7, false), moment).next();
            assertThat(no).hasSameClassAs(state);
            assertThat(no.sealed().intentions()).isEqualTo(Map.of(SITE, new Intention(7, false)));
            assertThat(no.sealed().announced(Quarantine.NOBODY)).hasSize(3).doesNotContain(SITE);
            InBlock older = (InBlock) no.answered(word(1, 6, true), moment).next();
            assertThat(older.sealed()).isEqualTo(no.sealed());
            InBlock yes = (InBlock) no.answered(word(2, 8, true), moment).next();
            assertThat(yes.sealed().announced(Quarantine.NOBODY)).hasSize(4);
            assertThat(state.answered(word(3, 9, false), moment).next()).isSameAs(state);
        }
    }

    @Test
    void conviction_afterTheEnd_changesNothing() {
        TaskEnded ended = new TaskEnded(new byte[0], "over");
        assertThat(ended.convicted(SITE, moment)).isEqualTo(Decision.stay(ended));
    }

    @Test
    void quarantine_extendedByAShorterOne_staysAsLong() {
        Quarantine quarantine = Quarantine.NOBODY.with(SITE, 5).with(SITE, 3);
        assertThat(quarantine.holds(SITE, 5)).isTrue();
        assertThat(quarantine.holds(SITE, 6)).isFalse();
        assertThat(quarantine.holds(new SiteId("site-b"), 1)).isFalse();
    }

    private BlockCommand.SiteAnswered word(int round, long sequence, boolean willing) {
        return new BlockCommand.SiteAnswered(SITE, play.round(round), new Intention(sequence, willing));
    }
}
