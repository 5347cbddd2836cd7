package dev.sotto.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.contracts.EnvelopeSigner;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.TaskEnd;
import dev.sotto.contracts.avro.Tick;
import dev.sotto.secagg.IdentityKeyPair;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transcripts that fork or have a gap end all trust; what others write does not. */
class TranscriptRefusalTest {
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
    void record_thatIsNotWhatItsKindSays_isRefusedAndTheTranscriptGoesOn() throws Exception {
        federation.sealBlock(1, 1);
        federation.coordination.append(Kind.ROUND_OPEN, new Tick(1L));
        federation.catchUp();
        assertThat(bankA.refusals()).containsExactly(Refusal.MALFORMED);
        federation.open(1, 1, untouched -> {});
        assertThat(bankA.update.calls).isEqualTo(1);
    }

    @Test
    void records_ofStrangersAndOfOtherTopics_areIgnored() throws Exception {
        federation.sealBlock(1, 1);
        federation.transcript.values.add(new byte[] {1, 2, 3});
        federation.transcript.values.add(new EnvelopeSigner("coordination", IdentityKeyPair.generate(Parties.RANDOM))
                .sealBytes(
                        federation.parties.task.id(),
                        Kind.TASK_END,
                        federation.coordination.position.next(),
                        new TaskEnd("a stranger says so", 0, 0.0, 0.0)));
        federation.transcript.values.add(
                federation.coordination.sign(Kind.TICK, TranscriptPosition.START.next(), new Tick(1L)));
        federation.transcript.values.add(federation.server.enrolments(1).get(bankA.id));
        federation.open(1, 1, untouched -> {});
        assertThat(bankA.refusals()).isEmpty();
        assertThat(bankA.events).filteredOn(SiteEvent.Ignored.class::isInstance).hasSize(4);
        assertThat(bankA.update.calls).isEqualTo(1);
    }

    @Test
    void transcript_thatForks_isRefusedForEver() throws Exception {
        federation.sealBlock(1, 1);
        TranscriptPosition before = federation.coordination.position;
        federation.open(1, 1, untouched -> {});
        federation.transcript.values.add(
                federation.coordination.sign(Kind.TASK_END, before.next(), new TaskEnd("another story", 0, 0.0, 0.0)));
        assertThatThrownBy(bankA::catchUp)
                .isInstanceOf(DistrustException.class)
                .hasMessageContaining("forks")
                .hasMessageContaining("sequence " + (before.sequence() + 1));
        bankA.runner = null;
        assertThatThrownBy(bankA::catchUp).isInstanceOf(DistrustException.class).hasMessageContaining("forks");
    }

    @Test
    void transcript_rewrittenWhileTheSiteWasAway_isRefusedForEver() throws Exception {
        federation.sealBlock(1, 1);
        int newest = federation.transcript.values.size() - 1;
        TranscriptPosition last = federation.coordination.position;
        TranscriptPosition before = federation
                .verifier()
                .open(federation.transcript.values.get(newest))
                .position();
        assertThat(before.sequence()).isEqualTo(last.sequence());
        federation.transcript.values.set(
                newest, federation.coordination.sign(Kind.TASK_END, before, new TaskEnd("another story", 0, 0.0, 0.0)));
        bankA.runner = null;
        assertThatThrownBy(bankA::catchUp).isInstanceOf(DistrustException.class);
    }

    /** What it has stored and maybe sent names the record it was for; the position was not stored yet. */
    @ParameterizedTest
    @ValueSource(strings = {"bundle", "round-1.upload", "round-1.answer"})
    void transcript_rewrittenAfterTheSiteWasKilledWhileItActed_isRefusedForEver(String killedAfter) throws Exception {
        String file = "block-1." + killedAfter;
        bankA.plan = CrashPlan.after("after writing " + file);
        federation.catchUp();
        federation.coordination.offer(1, 1, federation.server.enrolments(1).values(), untouched -> {});
        if (!killedAfter.equals("bundle")) {
            federation.catchUp();
            for (byte[] bundle : federation.server.bundles(1).values()) {
                federation.coordination.roster(1, bundle);
            }
            federation.coordination.seal(1, federation.server.bundles(1).values(), untouched -> {});
            federation.coordination.open(
                    1, 1, federation.model, federation.location, federation.members.keySet(), untouched -> {});
        }
        if (killedAfter.equals("round-1.answer")) {
            federation.catchUp();
            federation.coordination.survivors(1, federation.server.manifests(1), untouched -> {});
        }
        assertThatThrownBy(bankA::turn).isInstanceOf(CrashPlan.Killed.class);
        assertThat(bankA.storage.files).containsKey(file);
        int newest = federation.transcript.values.size() - 1;
        TranscriptPosition place = federation
                .verifier()
                .open(federation.transcript.values.get(newest))
                .position();
        federation.transcript.values.set(
                newest, federation.coordination.sign(Kind.TASK_END, place, new TaskEnd("another story", 0, 0.0, 0.0)));
        assertThatThrownBy(bankA::catchUp).isInstanceOf(DistrustException.class).hasMessageContaining("forks");
    }

    @Test
    void transcript_withAGap_isRefusedForEver() throws Exception {
        federation.sealBlock(1, 1);
        TranscriptPosition position = federation.coordination.position;
        TranscriptPosition skipped = new TranscriptPosition(position.sequence() + 2, position.head());
        federation.transcript.values.add(
                federation.coordination.sign(Kind.TASK_END, skipped, new TaskEnd("later", 0, 0.0, 0.0)));
        assertThatThrownBy(bankA::catchUp).isInstanceOf(DistrustException.class).hasMessageContaining("gap");
    }

    @Test
    void transcript_deliveredTwice_isTheSameTranscript() throws Exception {
        federation.sealBlock(1, 1);
        federation.transcript.values.addAll(List.copyOf(federation.transcript.values));
        federation.open(1, 1, untouched -> {});
        assertThat(bankA.refusals()).isEmpty();
        assertThat(bankA.update.calls).isEqualTo(1);
        assertThat(Collections.frequency(
                        bankA.events.stream().map(SiteEvent::line).toList(), "block 1 sealed with 4 sites"))
                .isEqualTo(1);
    }
}
