package dev.sotto.coordination.protocol;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.avro.Kind;

/**
 * The result is on its way into the transcript.
 *
 * @param terms what the round is about
 * @param window who is in the sum
 * @param model the model it made
 */
public record Publishing(RoundTerms terms, Window window, ModelRef model) implements RoundState {
    @Override
    public Decision<RoundState> windowFired(Window again, Moment moment) throws RejectedRecordException {
        return Repeats.sameWindow(this, window, again);
    }

    @Override
    public Decision<RoundState> answered(SiteRecord answer, Moment moment) {
        return Decision.stay(this);
    }

    @Override
    public Decision<RoundState> modelMade(Release again, Moment moment) throws RejectedRecordException {
        return Repeats.sameModel(this, model, again);
    }

    @Override
    public Decision<RoundState> written(Written record, Moment moment) {
        if (record.kind() != Kind.ROUND_RESULT) {
            return Decision.stay(this);
        }
        return Decision.to(
                new RoundEnded(window, model),
                new Effect.Tell(
                        Recipient.block(terms.round().task()),
                        new BlockCommand.RoundSucceeded(terms.round(), model, record.position())));
    }
}
