package dev.sotto.coordination.protocol;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.secagg.SiteId;
import java.time.Duration;
import java.util.SortedMap;

/**
 * A block gathers its cohort.
 *
 * @param block the block's number
 * @param progress how far the task has come
 * @param enrolled who wants to join
 * @param due whether the time is over, so that minCohort sites are enough
 */
public record Enrolling(int block, Progress progress, SortedMap<SiteId, SiteRecord> enrolled, boolean due)
        implements ActiveBlock {
    /** Opens the enrolment of a block with those who are waiting for it. */
    static Decision<BlockState> begin(int block, Progress progress, Moment moment) {
        Enrolling begun = new Enrolling(block, progress.nobodyWaiting(), progress.waiting(), false);
        if (begun.complete(moment)) {
            return Offered.offer(begun, moment);
        }
        return Decision.to(
                begun,
                new Effect.Later(
                        Duration.ofSeconds(moment.task().rounds().enrolSeconds()), new BlockCommand.EnrolDue(block)));
    }

    @Override
    public ActiveBlock with(Progress changed) {
        return new Enrolling(block, changed, enrolled, due);
    }

    @Override
    public Decision<BlockState> enrol(SiteRecord enrolment, Moment moment) throws RejectedRecordException {
        Enrolments.requireBlock(enrolment, block);
        return proceed(new Enrolling(block, progress, Enrolments.with(enrolled, enrolment), due), moment);
    }

    @Override
    public Decision<BlockState> enrolDue(int dueBlock, Moment moment) {
        return dueBlock == block
                ? proceed(new Enrolling(block, progress, enrolled, true), moment)
                : Decision.stay(this);
    }

    private static Decision<BlockState> proceed(Enrolling next, Moment moment) {
        return next.complete(moment) ? Offered.offer(next, moment) : Decision.stay(next);
    }

    private boolean complete(Moment moment) {
        int enough = due
                ? moment.task().rounds().minCohort()
                : moment.task().allowed().size();
        return enrolled.size() >= enough;
    }
}
