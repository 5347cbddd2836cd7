package dev.sotto.coordination.protocol;

import dev.sotto.contracts.avro.Kind;
import java.time.Duration;

/**
 * The opening is on its way into the transcript.
 *
 * @param roster the round's part of the bundles
 * @param terms what the round is about
 */
public record Opening(RoundRoster roster, RoundTerms terms) implements RoundState {
    /** How soon to look again at a record that overtook the transcript's answer. */
    static final Duration SOON = Duration.ofMillis(200);

    @Override
    public Decision<RoundState> written(Written record, Moment moment) {
        return Decision.stay(record.kind() == Kind.ROUND_OPEN ? new Uploading(roster, terms, record.position()) : this);
    }

    @Override
    public Decision<RoundState> windowFired(Window window, Moment moment) {
        return Decision.to(this, new Effect.Later(SOON, new RoundCommand.WindowFired(window.envelope())));
    }
}
