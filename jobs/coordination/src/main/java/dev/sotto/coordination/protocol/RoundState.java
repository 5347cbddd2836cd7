package dev.sotto.coordination.protocol;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.secagg.SiteId;

/**
 * Where a round stands.
 *
 * <pre>
 * state      | what happens                              | next       | what is done
 * Unknown    | a site has dealt                          | Gathering  |
 * Gathering  | a site has dealt                          | Gathering  |
 *            | the block is sealed                       | Provided   |
 * Provided   | the round is paid for                     | Opening    | ROUND_OPEN, upload timer
 *            | block or task ends without it             | RoundEnded | the bundles are forgotten
 * Opening    | ROUND_OPEN is written                     | Uploading  |
 * Uploading  | window closed, enough survivors in all    | Closing    | SURVIVORS with their manifests
 *            | and in every group                        |            |
 *            | window closed, too few; or time is over   | Aborting   | ROUND_ABORTED
 *            | window closed, an upload lacks chunks or  | Aborting   | ROUND_ABORTED, a strike each
 *            | answers another ROUND_OPEN                |            |
 * Closing    | SURVIVORS is written                      | Unmasking  | unmask timer
 * Unmasking  | shares enough of every announced site,    | Releasing  | UNMASK_SEEDS, once
 *            | and all answers if noise comes off        |            |
 *            | time is over, shares enough all the same  | Releasing  | UNMASK_SEEDS, once
 *            | time is over                              | Aborting   | ROUND_ABORTED
 *            | a dealer had cheated                      | Aborting   | ROUND_ABORTED, a strike
 * Releasing  | aggregation announced the model           | Committing | COMMIT to the ledger
 * Committing | the ledger has it                         | Publishing | ROUND_RESULT
 * Publishing | ROUND_RESULT is written                   | RoundEnded | the task goes on
 * Aborting   | ROUND_ABORTED is written                  | RoundEnded | the task goes on
 * </pre>
 *
 * Once Releasing is reached the seeds are out: the round waits for the model for as long as it takes, and no second set of
 * survivors is ever considered. Anything else leaves the state as it is: repeats and timers of the past are ignored, other
 * records refused.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "state")
public sealed interface RoundState
        permits RoundUnknown,
                Gathering,
                Provided,
                Opening,
                Uploading,
                Closing,
                UnmaskingRound,
                Releasing,
                Committing,
                Publishing,
                Aborting,
                RoundEnded {
    /** Where every round starts. */
    static RoundState initial() {
        return new RoundUnknown();
    }

    /** A site has dealt for the round. */
    default Decision<RoundState> partDealt(SiteId site, byte[] bundle, Moment moment) {
        return Decision.stay(this);
    }

    /** The block is sealed. */
    default Decision<RoundState> rosterFixed(RoundCommand.RosterFixed fixed, Moment moment) {
        return Decision.stay(this);
    }

    /** The round will not take place. */
    default Decision<RoundState> dropped(Moment moment) {
        return Decision.stay(this);
    }

    /** The round may open. */
    default Decision<RoundState> open(RoundCommand.Open open, Moment moment) {
        return Decision.stay(this);
    }

    /** A record was written. */
    default Decision<RoundState> written(Written record, Moment moment) {
        return Decision.stay(this);
    }

    /** Aggregation closed the window. */
    default Decision<RoundState> windowFired(Window window, Moment moment) throws RejectedRecordException {
        throw new RejectedRecordException(Rejection.WRONG_ROUND, "the round has no open window");
    }

    /** A survivor answers. */
    default Decision<RoundState> answered(SiteRecord answer, Moment moment) throws RejectedRecordException {
        throw new RejectedRecordException(Rejection.WRONG_ROUND, "the round asks for no shares now");
    }

    /** Aggregation announced a model. */
    default Decision<RoundState> modelMade(Release release, Moment moment) throws RejectedRecordException {
        throw new RejectedRecordException(Rejection.WRONG_ROUND, "the round has released no sum");
    }

    /** The ledger has the release. */
    default Decision<RoundState> committed(RoundCommand.ReleaseCommitted committed, Moment moment) {
        return Decision.stay(this);
    }

    /** The window should have been closed by now. */
    default Decision<RoundState> uploadDue(Moment moment) {
        return Decision.stay(this);
    }

    /** The time to answer is over. */
    default Decision<RoundState> unmaskDue(Moment moment) throws RejectedRecordException {
        return Decision.stay(this);
    }
}
