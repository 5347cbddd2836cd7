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
 * @param clipNorm its clip norm
 * @param epsilonSpent what was spent, as the ledger last said
 * @param waiting enrolments for the next block
 * @param quarantine who is kept out
 * @param draws offers in a row that were given up
 */
public record Progress(
        byte[] origin,
        ModelRef model,
        int completed,
        int nextRound,
        double clipNorm,
        double epsilonSpent,
        SortedMap<SiteId, SiteRecord> waiting,
        Quarantine quarantine,
        Draws draws) {
    /** At the start. */
    static Progress start(
            ModelRef model, double clipNorm, SortedMap<SiteId, SiteRecord> waiting, Quarantine quarantine) {
        return new Progress(model.sha256(), model, 0, 1, clipNorm, 0, waiting, quarantine, Draws.NONE);
    }

    Progress enrol(SiteRecord enrolment) throws RejectedRecordException {
        return waiting(Enrolments.with(waiting, enrolment));
    }

    Progress nobodyWaiting() {
        return waiting(Collections.emptySortedMap());
    }

    Progress spent(double epsilon) {
        return new Progress(origin, model, completed, nextRound, clipNorm, epsilon, waiting, quarantine, draws);
    }

    Progress released(ModelRef next, double nextClipNorm) {
        return new Progress(
                origin, next, completed + 1, nextRound + 1, nextClipNorm, epsilonSpent, waiting, quarantine, draws);
    }

    /** With the next rounds that end without a model behind it: the next is {@code round}. */
    Progress skippedTo(int round) {
        return new Progress(origin, model, completed, round, clipNorm, epsilonSpent, waiting, quarantine, draws);
    }

    Progress draws(Draws now) {
        return new Progress(origin, model, completed, nextRound, clipNorm, epsilonSpent, waiting, quarantine, now);
    }

    /** With a site kept out up to and with a block; what it enrolled with is forgotten. */
    Progress quarantined(SiteId site, int lastBlock) {
        SortedMap<SiteId, SiteRecord> others = new TreeMap<>(waiting);
        others.remove(site);
        return new Progress(
                origin,
                model,
                completed,
                nextRound,
                clipNorm,
                epsilonSpent,
                Collections.unmodifiableSortedMap(others),
                quarantine.with(site, lastBlock),
                draws);
    }

    private Progress waiting(SortedMap<SiteId, SiteRecord> now) {
        return new Progress(origin, model, completed, nextRound, clipNorm, epsilonSpent, now, quarantine, draws);
    }
}
