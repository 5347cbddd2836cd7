package dev.sotto.coordination.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.coordination.fixture.Parties;
import dev.sotto.coordination.fixture.PlayedAggregation;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.TaskId;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RoundStateTest {
    private final RoundId round = RoundId.parse("sentiment/1");
    private final RoundRoster roster =
            new RoundRoster(round, 1, new BlockGraph(2, 0, new byte[0], new TreeMap<>()), new TreeMap<>());
    private final RoundTerms terms = new RoundTerms(
            round, 1, new byte[32], new TreeSet<>(), 1, new ModelRef(0, new byte[32], "file:///models", null), 4);
    private final Moment moment = new Moment(null, 0, null);
    private final Window window =
            new Window(new PlayedAggregation(new Parties(3).aggregation(), new TaskId("sentiment"))
                    .windowClosed(round, List.of(), List.of()));

    @Test
    void window_thatOvertakesTheTranscriptsAnswer_isLookedAtAgainSoon() throws RejectedRecordException {
        Opening opening = new Opening(roster, terms);
        Decision<RoundState> decision = opening.windowFired(window, moment);
        assertThat(decision.next()).isSameAs(opening);
        assertThat(decision.effects())
                .containsExactly(new Effect.Later(Opening.SOON, new RoundCommand.WindowFired(window.envelope())));
    }

    @Test
    void answer_thatOvertakesTheTranscriptsAnswer_isLookedAtAgainSoon() {
        Closing closing = new Closing(roster, terms, window);
        SiteRecord answer = new SiteRecord(new SiteId("a"), new byte[0], new byte[32]);
        Decision<RoundState> decision = closing.answered(answer, moment);
        assertThat(decision.next()).isSameAs(closing);
        assertThat(decision.effects())
                .containsExactly(new Effect.Later(Opening.SOON, new RoundCommand.AnswerReceived(answer)));
    }

    @Test
    void record_ofAnotherKindWritten_movesNothing() {
        Written written = new Written(Kind.BLOCK_OFFER, TranscriptPosition.START);
        for (RoundState state : List.of(
                new RoundUnknown(),
                new Gathering(new TreeMap<>()),
                new Provided(roster),
                new Opening(roster, terms),
                new Uploading(roster, terms, TranscriptPosition.START),
                new Closing(roster, terms, window),
                new Releasing(terms, window, TranscriptPosition.START),
                new Publishing(terms, window, terms.model()),
                new Aborting(round),
                new RoundEnded(null, null))) {
            assertThat(state.written(written, moment)).isEqualTo(Decision.stay(state));
        }
    }

    @Test
    void model_ofAnAbortedRound_isTooLate() {
        assertThatThrownBy(() -> new RoundEnded(null, null).modelMade(new Release(new byte[0]), moment))
                .isInstanceOf(RejectedRecordException.class)
                .hasMessageContaining("aborted");
    }
}
