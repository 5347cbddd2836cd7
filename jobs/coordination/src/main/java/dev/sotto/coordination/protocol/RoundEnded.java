package dev.sotto.coordination.protocol;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import org.jspecify.annotations.Nullable;

/**
 * The round is over.
 *
 * @param window who is in the sum; null if it was aborted
 * @param model the model it made; null if it was aborted
 */
public record RoundEnded(@Nullable Window window, @Nullable ModelRef model) implements RoundState {
    @Override
    public Decision<RoundState> windowFired(Window again, Moment moment) throws RejectedRecordException {
        if (window == null) {
            throw new RejectedRecordException(Rejection.LATE, "the round was aborted");
        }
        return Repeats.sameWindow(this, window, again);
    }

    @Override
    public Decision<RoundState> answered(SiteRecord answer, Moment moment) throws RejectedRecordException {
        if (window == null) {
            throw new RejectedRecordException(Rejection.LATE, "the round was aborted");
        }
        return Decision.stay(this);
    }

    @Override
    public Decision<RoundState> modelMade(Release again, Moment moment) throws RejectedRecordException {
        if (model == null) {
            throw new RejectedRecordException(Rejection.LATE, "the round was aborted");
        }
        return Repeats.sameModel(this, model, again);
    }
}
