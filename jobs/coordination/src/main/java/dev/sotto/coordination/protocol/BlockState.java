package dev.sotto.coordination.protocol;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;

/**
 * Where a task stands between and around its rounds.
 *
 * <pre>
 * state           | what happens                                | next            | what is done
 * WaitingForModel | the operator's version 0                    | Enrolling       | enrolment timer
 * Enrolling       | all sites that may have enrolled, or time   |                 |
 *                 | is over and at least minCohort did:         |                 |
 *                 | up to 100 of them                           | Offered         | BLOCK_OFFER, bundle timer
 *                 | more                                        | Revealing       | BLOCK_OFFER, reveal timer
 * Revealing       | all of the cohort revealed                  | Offered         | BEACON, bundle timer
 *                 | time is over, fewer than 8 in a row         | Enrolling, next | BLOCK_ABORTED, enrolment timer
 *                 | time is over, for the 8th time in a row     | Ended           | BLOCK_ABORTED, TASK_END
 * Offered         | a bundle                                    | Offered         | ROSTER, each round gets its part
 *                 | all bundles, or time is over and at least   | Sealing         | SEAL, the rounds are told
 *                 | minCohort and the threshold came            |                 |
 * Sealing         | SEAL is written, enough members are willing | Reserving       | RESERVE to the ledger
 *                 | SEAL is written, too few are                | AwaitingSites   | sites timer
 * AwaitingSites   | enough say that they are willing            | Reserving       | RESERVE to the ledger
 *                 | time is over                                | Enrolling, next | BLOCK_ABORTED, its rounds are dropped
 * Reserving       | reserved                                    | Running         | the round opens
 *                 | refused                                     | Ended           | TASK_END
 * Running         | the round ended with a model, the last one  | Ended           | TASK_END
 *                 | the round ended, the block has another and  | Reserving       | RESERVE to the ledger
 *                 | enough members are willing                  |                 |
 *                 | the same, but too few are                   | AwaitingSites   | sites timer
 *                 | the round ended, the block has none         | Enrolling       | enrolment timer
 * </pre>
 *
 * "Willing" are members that have not said otherwise, are not quarantined and have enough of the others as holders of
 * their shares. "Sites that may" enrol are those allowed, not quarantined, and not among those whose silence has ended an
 * offer since the last seal; these are offered a block only where minCohort is not reached without them.
 *
 * In every state but the last, enrolments for the next block are kept until their time comes. Anything else leaves the
 * state as it is: a site's record is refused, a timer or answer of the past is ignored. A site convicted of too many strikes
 * is quarantined in every state but the last: its enrolments are forgotten and refused, and it is announced no more.
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

    /** A site reveals its nonce. */
    default Decision<BlockState> reveal(SiteRecord reveal, Moment moment) throws RejectedRecordException {
        throw new RejectedRecordException(
                Rejection.WRONG_ROUND,
                "no block takes reveals now; that of %s comes too late or too early".formatted(reveal.site()));
    }

    /** A site says whether it takes part in the rounds to come. */
    default Decision<BlockState> intent(SiteRecord intent, Moment moment) throws RejectedRecordException {
        throw new RejectedRecordException(
                Rejection.WRONG_ROUND,
                "no block is sealed; the intent of %s comes too late or too early".formatted(intent.site()));
    }

    /** A site said the same with its unmask answer. */
    default Decision<BlockState> answered(BlockCommand.SiteAnswered answer, Moment moment) {
        return Decision.stay(this);
    }

    /** A site has reached the strikes that the task bears. */
    default Decision<BlockState> convicted(SiteId site, Moment moment) {
        return Decision.stay(this);
    }

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

    /** The time to reveal is over. */
    default Decision<BlockState> revealDue(int block, Moment moment) throws RejectedRecordException {
        return Decision.stay(this);
    }

    /** The time to wait for sites to take part in a round is over. */
    default Decision<BlockState> sitesDue(RoundId round, Moment moment) {
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
