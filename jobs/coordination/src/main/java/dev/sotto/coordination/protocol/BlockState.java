package dev.sotto.coordination.protocol;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;

/**
 * Where a task stands between and around its rounds.
 *
 * <pre>
 * state           | what happens                                | next            | what is done
 * WaitingForModel | the operator's version 0                    | Enrolling       | enrolment timer
 * Enrolling       | all allowed sites enrolled, or time is over | Offered         | BLOCK_OFFER, bundle timer
 *                 | and at least minCohort did                  |                 |
 * Offered         | all bundles, or time is over and at least   | Sealing         | ROSTER for each, SEAL, rosters to the rounds
 *                 | minCohort and the threshold came            |                 |
 * Sealing         | SEAL is written                             | Reserving       | RESERVE to the ledger
 * Reserving       | reserved                                    | Running         | the round opens
 *                 | refused                                     | Ended           | TASK_END
 * Running         | the round ended with a model, the last one  | Ended           | TASK_END
 *                 | the round ended, the block has another      | Reserving       | RESERVE to the ledger
 *                 | the round ended, the block has none         | Enrolling       | enrolment timer
 * </pre>
 *
 * In every state but the last, enrolments for the next block are kept until their time comes. Anything else leaves the
 * state as it is: a site's record is refused, a timer or answer of the past is ignored.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "state")
public sealed interface BlockState permits WaitingForModel, ActiveBlock, TaskEnded {
    /** Where every task starts. */
    static BlockState initial() {
        return WaitingForModel.EMPTY;
    }

    /** The operator's starting point was announced. */
    Decision<BlockState> start(ModelRef model, Moment moment) throws RejectedRecordException;

    /** A site offers itself. */
    Decision<BlockState> enrol(SiteRecord enrolment, Moment moment) throws RejectedRecordException;

    /** A site deals. */
    default Decision<BlockState> bundle(SiteRecord bundle, Moment moment) throws RejectedRecordException {
        throw new RejectedRecordException(
                Rejection.WRONG_ROUND,
                "no block takes bundles now; %s comes too late or too early".formatted(bundle.site()));
    }

    /** The time to enrol is over. */
    default Decision<BlockState> enrolDue(int block, Moment moment) {
        return Decision.stay(this);
    }

    /** The time to deal is over. */
    default Decision<BlockState> bundleDue(int block, Moment moment) throws RejectedRecordException {
        return Decision.stay(this);
    }

    /** A record was written. */
    default Decision<BlockState> written(Written record, Moment moment) {
        return Decision.stay(this);
    }

    /** The ledger has charged a round. */
    default Decision<BlockState> reserved(BlockCommand.BudgetReserved reserved, Moment moment) {
        return Decision.stay(this);
    }

    /** The ledger refuses a round. */
    default Decision<BlockState> refused(BlockCommand.BudgetRefused refused, Moment moment) {
        return Decision.stay(this);
    }

    /** A round ended with a model. */
    default Decision<BlockState> succeeded(BlockCommand.RoundSucceeded ended, Moment moment) {
        return Decision.stay(this);
    }

    /** A round ended without. */
    default Decision<BlockState> failed(BlockCommand.RoundFailed ended, Moment moment) {
        return Decision.stay(this);
    }
}
