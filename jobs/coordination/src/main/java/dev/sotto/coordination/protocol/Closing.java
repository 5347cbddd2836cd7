package dev.sotto.coordination.protocol;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.avro.Kind;
import java.time.Duration;
import java.util.TreeMap;

/**
 * The survivors are on their way into the transcript.
 *
 * @param roster the round's part of the bundles
 * @param terms what the round is about
 * @param window who is in the sum
 */
public record Closing(RoundRoster roster, RoundTerms terms, Window window) implements RoundState {
    @Override
    public Decision<RoundState> written(Written record, Moment moment) {
        if (record.kind() != Kind.SURVIVORS) {
            return Decision.stay(this);
        }
        int seconds = moment.task().rounds().unmaskSeconds();
        return Decision.to(
                new UnmaskingRound(roster, terms, window, record.position(), new TreeMap<>(), new TreeMap<>()),
                new Effect.Later(Duration.ofSeconds(seconds), new RoundCommand.UnmaskDue()));
    }

    @Override
    public Decision<RoundState> windowFired(Window again, Moment moment) throws RejectedRecordException {
        return Repeats.sameWindow(this, window, again);
    }

    @Override
    public Decision<RoundState> answered(SiteRecord answer, Moment moment) {
        return Decision.to(this, new Effect.Later(Opening.SOON, new RoundCommand.AnswerReceived(answer)));
    }
}
