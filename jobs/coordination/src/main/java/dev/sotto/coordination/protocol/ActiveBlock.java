package dev.sotto.coordination.protocol;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import java.util.Arrays;

/** A started task: some block is on its way. */
public sealed interface ActiveBlock extends BlockState permits Enrolling, Offered, Sealing, Reserving, Running {
    /** The block's number. */
    int block();

    /** How far the task has come. */
    Progress progress();

    /** The same state with other progress. */
    ActiveBlock with(Progress progress);

    @Override
    default Decision<BlockState> start(ModelRef model, Moment moment) throws RejectedRecordException {
        if (!Arrays.equals(progress().origin(), model.sha256())) {
            throw new RejectedRecordException(
                    Rejection.CONFLICT,
                    "task %s has started from another model"
                            .formatted(moment.task().id()));
        }
        return Decision.stay(this);
    }

    @Override
    default Decision<BlockState> enrol(SiteRecord enrolment, Moment moment) throws RejectedRecordException {
        Enrolments.requireBlock(enrolment, block() + 1);
        return Decision.stay(with(progress().enrol(enrolment)));
    }
}
