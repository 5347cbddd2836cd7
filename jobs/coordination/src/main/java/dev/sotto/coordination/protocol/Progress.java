package dev.sotto.coordination.protocol;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.secagg.SiteId;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How far a task has come.
 *
 * @param origin hash of the model it started from
 * @param model the newest model
 * @param completed rounds that ended with a model
 * @param nextRound the number of the next round to open
 * @param epsilonSpent what was spent, as the ledger last said
 * @param waiting enrolments for the next block
 */
public record Progress(
        byte[] origin,
        ModelRef model,
        int completed,
        int nextRound,
        double epsilonSpent,
        SortedMap<SiteId, SiteRecord> waiting) {
    /** At the start. */
    static Progress start(ModelRef model, SortedMap<SiteId, SiteRecord> waiting) {
        return new Progress(model.sha256(), model, 0, 1, 0, waiting);
    }

    Progress enrol(SiteRecord enrolment) throws RejectedRecordException {
        return waiting(Enrolments.with(waiting, enrolment));
    }

    Progress nobodyWaiting() {
        return waiting(Collections.unmodifiableSortedMap(new TreeMap<>()));
    }

    Progress spent(double epsilon) {
        return new Progress(origin, model, completed, nextRound, epsilon, waiting);
    }

    Progress released(ModelRef next) {
        return new Progress(origin, next, completed + 1, nextRound + 1, epsilonSpent, waiting);
    }

    Progress aborted() {
        return new Progress(origin, model, completed, nextRound + 1, epsilonSpent, waiting);
    }

    private Progress waiting(SortedMap<SiteId, SiteRecord> now) {
        return new Progress(origin, model, completed, nextRound, epsilonSpent, now);
    }
}
