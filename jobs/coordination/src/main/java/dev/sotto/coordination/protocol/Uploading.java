package dev.sotto.coordination.protocol;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Survivors;
import dev.sotto.secagg.SiteId;
import java.util.SortedSet;

/**
 * The window is open.
 *
 * @param roster the round's part of the bundles
 * @param terms what the round is about
 */
public record Uploading(RoundRoster roster, RoundTerms terms) implements RoundState {
    @Override
    public Decision<RoundState> windowFired(Window window, Moment moment) throws RejectedRecordException {
        if (window.round() != terms.round().number()) {
            throw new RejectedRecordException(
                    Rejection.WRONG_ROUND, "the closed window is of round %d".formatted(window.round()));
        }
        SortedSet<SiteId> sites = window.sites();
        if (!terms.announced().containsAll(sites)) {
            throw new RejectedRecordException(
                    Rejection.INVALID_FIELD, "survivors %s are not all among %s".formatted(sites, terms.announced()));
        }
        int least = Math.max(moment.task().rounds().minSurvivors(), terms.threshold());
        if (sites.size() < least) {
            return Aborting.abort(
                    terms,
                    "%d sites survived and %d are needed; a fresh round follows".formatted(sites.size(), least),
                    moment);
        }
        Survivors survivors = new Survivors(
                terms.round().number(),
                window.survivors(),
                moment.after(moment.task().rounds().unmaskSeconds()));
        return Decision.to(
                new Closing(roster, terms, window), Effect.append(terms.round().task(), Kind.SURVIVORS, survivors));
    }

    @Override
    public Decision<RoundState> uploadDue(Moment moment) {
        return Aborting.abort(
                terms,
                "aggregation did not close the window within %d s of its deadline; a fresh round follows"
                        .formatted(Provided.GRACE.toSeconds()),
                moment);
    }
}
