package dev.sotto.coordination.protocol;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.RoundAborted;
import dev.sotto.secagg.RoundId;

/**
 * The abort is on its way into the transcript. No seed was published and none will be.
 *
 * @param round the round
 */
public record Aborting(RoundId round) implements RoundState {
    static Decision<RoundState> abort(RoundTerms terms, String reason, Moment moment) {
        return Decision.to(
                new Aborting(terms.round()),
                Effect.append(
                        moment.task().id(),
                        Kind.ROUND_ABORTED,
                        new RoundAborted(terms.round().number(), reason)),
                new Effect.Report("round %s is aborted: %s".formatted(terms.round(), reason)));
    }

    @Override
    public Decision<RoundState> windowFired(Window window, Moment moment) throws RejectedRecordException {
        throw new RejectedRecordException(Rejection.LATE, "the round was aborted");
    }

    @Override
    public Decision<RoundState> answered(SiteRecord answer, Moment moment) throws RejectedRecordException {
        throw new RejectedRecordException(Rejection.LATE, "the round was aborted");
    }

    @Override
    public Decision<RoundState> written(Written record, Moment moment) {
        if (record.kind() != Kind.ROUND_ABORTED) {
            return Decision.stay(this);
        }
        return Decision.to(
                new RoundEnded(null, null),
                new Effect.Tell(Recipient.block(round.task()), new BlockCommand.RoundFailed(round, record.position())));
    }
}
