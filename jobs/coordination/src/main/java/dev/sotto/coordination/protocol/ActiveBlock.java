package dev.sotto.coordination.protocol;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.secagg.SiteId;
import java.util.Arrays;

/** A started task: some block is on its way. */
public sealed interface ActiveBlock extends BlockState permits Enrolling, Revealing, Offered, InBlock {
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
        Enrolments.require(enrolment, block() + 1, moment.task());
        progress().quarantine().requireOutside(enrolment, block() + 1);
        return Decision.stay(with(progress().enrol(enrolment)));
    }

    /** Keeps a site out of what is left of the running block and of the blocks after it. */
    @Override
    default Decision<BlockState> convicted(SiteId site, Moment moment) {
        int last = block() + moment.task().protocol().quarantineBlocks();
        return Decision.to(with(progress().quarantined(site, last)), Quarantine.report(site, last));
    }
}
