package dev.sotto.coordination.protocol;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.avro.BlockAborted;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.secagg.SiteId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

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
        SortedMap<SiteId, SiteRecord> cohort = begun.cohort(moment.task());
        if (!cohort.isEmpty()) {
            return Offer.make(begun, cohort, moment);
        }
        return Decision.to(
                begun,
                new Effect.Later(
                        Duration.ofSeconds(moment.task().rounds().enrolSeconds()), new BlockCommand.EnrolDue(block)));
    }

    /** Gives a block up and opens the enrolment of the one after it. */
    static Decision<BlockState> insteadOf(int block, String reason, Progress progress, Moment moment) {
        List<Effect> effects = new ArrayList<>(givenUp(block, reason, moment));
        Decision<BlockState> next = begin(block + 1, progress, moment);
        effects.addAll(next.effects());
        return new Decision<>(next.next(), effects);
    }

    /** What is done about a block that is given up. */
    static List<Effect> givenUp(int block, String reason, Moment moment) {
        return List.of(
                Effect.append(moment.task().id(), Kind.BLOCK_ABORTED, new BlockAborted(block, reason)),
                new Effect.Report("block %d is given up: %s".formatted(block, reason)));
    }

    @Override
    public ActiveBlock with(Progress changed) {
        return new Enrolling(block, changed, enrolled, due);
    }

    @Override
    public Decision<BlockState> enrol(SiteRecord enrolment, Moment moment) throws RejectedRecordException {
        Enrolments.require(enrolment, block, moment.task());
        progress.quarantine().requireOutside(enrolment, block);
        return proceed(new Enrolling(block, progress, Enrolments.with(enrolled, enrolment), due), moment);
    }

    @Override
    public Decision<BlockState> convicted(SiteId site, Moment moment) {
        int last = block + moment.task().protocol().quarantineBlocks() - 1;
        SortedMap<SiteId, SiteRecord> others = new TreeMap<>(enrolled);
        others.remove(site);
        return proceed(new Enrolling(block, progress.quarantined(site, last), others, due), moment)
                .after(Quarantine.report(site, last));
    }

    @Override
    public Decision<BlockState> enrolDue(int dueBlock, Moment moment) {
        if (dueBlock != block) {
            return Decision.stay(this);
        }
        Decision<BlockState> next = proceed(new Enrolling(block, progress, enrolled, true), moment);
        return next.next() instanceof Enrolling
                ? next.after(new Effect.Report("block %d waits: %d sites have enrolled and %d are needed"
                        .formatted(
                                block, enrolled.size(), moment.task().rounds().minCohort())))
                : next;
    }

    private static Decision<BlockState> proceed(Enrolling next, Moment moment) {
        SortedMap<SiteId, SiteRecord> cohort = next.cohort(moment.task());
        return cohort.isEmpty() ? Decision.stay(next) : Offer.make(next, cohort, moment);
    }

    /** Those to offer the block to; empty as long as more are to be waited for. */
    private SortedMap<SiteId, SiteRecord> cohort(CoordinatedTask task) {
        SortedMap<SiteId, SiteRecord> spoken = new TreeMap<>(enrolled);
        spoken.keySet().removeAll(progress.draws().silent());
        int least = task.rounds().minCohort();
        if (!due) {
            return spoken.size() >= Math.max(least, expected(task)) ? spoken : new TreeMap<>();
        }
        if (spoken.size() >= least) {
            return spoken;
        }
        return enrolled.size() >= least ? enrolled : new TreeMap<>();
    }

    private int expected(CoordinatedTask task) {
        return (int) task.allowed().stream()
                .filter(site -> !progress.quarantine().holds(site, block)
                        && !progress.draws().silent().contains(site))
                .count();
    }
}
