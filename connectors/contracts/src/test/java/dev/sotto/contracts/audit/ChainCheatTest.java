package dev.sotto.contracts.audit;

import static dev.sotto.contracts.audit.Verdicts.assertFinds;
import static dev.sotto.contracts.audit.Verdicts.assertFindsOne;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.Enrol;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.RoundAborted;
import dev.sotto.contracts.avro.TaskEnd;
import dev.sotto.secagg.SiteId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChainCheatTest {
    private final History history = new History(AuditTasks.task(), 8);

    @Test
    void fork_aSecondRecordWithANumber_isFoundHoweverLateItComes() {
        history.play();
        TranscriptPosition at = history.opened(history.rounds.get(12).value()).position();
        history.rounds.add(history.entry(history.signed(Kind.ROUND_ABORTED, at, new RoundAborted(1, "another story"))));
        AuditReport report = history.audit();
        assertFindsOne(report, Rule.FORK, Kind.ROUND_ABORTED);
        assertThat(report.brokenAt()).isEqualTo(13);
        assertThat(report.blocks()).extracting(BlockReport::standing).doesNotContain(Standing.VERIFIED);
    }

    @Test
    void fork_aRecordThatLinksToAnotherOne_leavesNothingBehindItVerified() {
        history.block(false);
        history.round();
        history.position = new TranscriptPosition(history.position.sequence(), History.random(32));
        history.open();
        history.abort();
        AuditReport report = history.audit();
        assertFinds(report, Rule.FORK);
        assertThat(report.brokenAt()).isEqualTo(14);
        assertThat(report.uninterpreted()).isEqualTo(2);
    }

    @Test
    void gap_aMissingRecord_isFoundAndWhatFollowsIsNotCalledVerified() {
        history.play();
        List<TranscriptEntry> entries = new ArrayList<>(history.rounds);
        entries.remove(11);
        AuditReport report = history.audit(entries);
        assertFinds(report, Rule.GAP);
        Finding gap = report.findings().get(0);
        assertThat(gap.found()).contains("number 13");
        assertThat(report.brokenAt()).isEqualTo(12);
        assertThat(report.verifiedUpTo()).isEqualTo(11);
        assertThat(report.blocks())
                .extracting(BlockReport::standing)
                .containsExactly(Standing.FINDINGS, Standing.UNVERIFIED, Standing.UNVERIFIED, Standing.UNVERIFIED);
    }

    @Test
    void chain_anyRecordMissingOrAltered_isNeverVerified() {
        History small = new History(AuditTasks.task(), 4);
        small.playOneRound();
        for (int i = 0; i < small.rounds.size(); i++) {
            List<TranscriptEntry> changed = new ArrayList<>(small.rounds);
            TranscriptEntry entry = changed.remove(i);
            if (i < small.rounds.size() - 1) {
                assertThat(small.audit(changed).verified())
                        .as("without record %d", i + 1)
                        .isFalse();
            }
            byte[] altered = entry.value().clone();
            altered[altered.length - 40 - i] ^= 1;
            changed.add(i, new TranscriptEntry(entry.topic(), entry.offset(), entry.key(), altered));
            assertThat(small.audit(changed).verified())
                    .as("with record %d altered", i + 1)
                    .isFalse();
        }
    }

    @Test
    void signature_ofAnotherServer_isFound() {
        oneRound();
        History stranger = new History(AuditTasks.task(), 8);
        stranger.position = history.position;
        stranger.append(Kind.ROUND_ABORTED, new RoundAborted(2, "a server that nobody trusts"));
        history.rounds.addAll(stranger.rounds);
        assertFindsOne(history.audit(), Rule.SIGNATURE, Kind.ROUND_ABORTED);
    }

    @Test
    void kind_aSitesRecordInTheTranscript_isNoLink() {
        history.block(false);
        Enrol enrol = new Enrol(2, History.buffer(History.random(32)), History.buffer(History.random(32)));
        byte[] value = history.signed(new SiteId("bank-a"), Kind.ENROL, history.position.next(), enrol);
        history.rounds.add(history.entry(value));
        history.open();
        assertFindsOne(history.audit(), Rule.KIND, Kind.ENROL);
    }

    @Test
    void key_ofAnotherRecord_isFound() {
        oneRound();
        TranscriptEntry entry = history.rounds.get(9);
        history.rounds.set(9, new TranscriptEntry(entry.topic(), 9, key("sentiment/3"), entry.value()));
        assertFindsOne(history.audit(), Rule.KEY, Kind.SEAL);
    }

    @Test
    void value_thatAsksToForgetARecord_isFound() {
        oneRound();
        history.rounds.add(new TranscriptEntry("fl.rounds", 99, key("sentiment/3"), null));
        assertFinds(history.audit(), Rule.ERASED);
    }

    @Test
    void value_thatIsNoEnvelope_isFound() {
        oneRound();
        history.rounds.add(new TranscriptEntry("fl.rounds", 99, key("sentiment/3"), History.random(80)));
        assertFinds(history.audit(), Rule.MALFORMED);
    }

    @Test
    void order_aRecordBehindTheEnd_isFound() {
        oneRound();
        history.end();
        history.append(Kind.TASK_END, new TaskEnd("again", 3, 0.0, 1e-5));
        assertThat(history.audit().findings()).first().extracting(Finding::rule).isEqualTo(Rule.ORDER);
    }

    private void oneRound() {
        history.block(false);
        history.round();
    }

    private static byte[] key(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
