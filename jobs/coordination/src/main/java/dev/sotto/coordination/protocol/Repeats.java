package dev.sotto.coordination.protocol;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import java.util.Arrays;

/** What comes a second time: the same changes nothing, another is refused. Stateless. */
final class Repeats {
    private Repeats() {}

    static Decision<RoundState> sameWindow(RoundState state, Window first, Window again)
            throws RejectedRecordException {
        if (!first.says(again)) {
            throw new RejectedRecordException(
                    Rejection.CONFLICT, "the window was closed with other survivors; the first set counts");
        }
        return Decision.stay(state);
    }

    static Decision<RoundState> sameModel(RoundState state, ModelRef first, Release again)
            throws RejectedRecordException {
        if (!Arrays.equals(first.sha256(), again.model().sha256())) {
            throw new RejectedRecordException(Rejection.CONFLICT, "the round has made another model; the first counts");
        }
        return Decision.stay(state);
    }
}
