package dev.sotto.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.RoundAborted;
import org.junit.jupiter.api.Test;

class TranscriptReaderTest {
    private final Parties parties = new Parties();

    private SignedRecord record(TranscriptPosition before, String reason) throws Exception {
        return parties.verifier.open(parties.coordination.sealBytes(
                Parties.TASK, Kind.ROUND_ABORTED, before.next(), new RoundAborted(1, reason)));
    }

    @Test
    void transcript_inOrder_isFollowedAndReadAgainIsIgnored() throws Exception {
        SignedRecord first = record(TranscriptPosition.START, "a");
        SignedRecord second = record(first.reached(), "b");
        TranscriptReader reader = new TranscriptReader(TranscriptPosition.START);
        assertThat(reader.advance(first)).isTrue();
        assertThat(reader.advance(second)).isTrue();
        assertThat(reader.advance(first)).isFalse();
        assertThat(reader.position()).isEqualTo(second.reached());
        assertThat(reader.position().sequence()).isEqualTo(2);
    }

    @Test
    void transcript_forkOrGap_isRefused() throws Exception {
        SignedRecord first = record(TranscriptPosition.START, "a");
        SignedRecord fork = record(record(TranscriptPosition.START, "other").reached(), "b");
        TranscriptReader reader = new TranscriptReader(TranscriptPosition.START);
        reader.advance(first);
        assertThatThrownBy(() -> reader.advance(fork)).hasMessageContaining("forks or has a gap");
        SignedRecord third = record(record(first.reached(), "b").reached(), "c");
        assertThatThrownBy(() -> reader.advance(third)).hasMessageContaining("forks or has a gap");
        assertThat(reader.position()).isEqualTo(first.reached());
    }
}
