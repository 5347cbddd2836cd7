package dev.sotto.coordination.protocol;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Survivors;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.SurvivorSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/**
 * The window is open.
 *
 * @param roster the round's part of the bundles
 * @param terms what the round is about
 * @param opened the position of its ROUND_OPEN, which every upload's manifest must carry
 */
public record Uploading(RoundRoster roster, RoundTerms terms, TranscriptPosition opened) implements RoundState {
    @Override
    public Decision<RoundState> windowFired(Window window, Moment moment) throws RejectedRecordException {
        if (window.round() != terms.round().number()) {
            throw new RejectedRecordException(
                    Rejection.WRONG_ROUND, "the closed window is of round %d".formatted(window.round()));
        }
        requireAnnounced("survivors", window.sites());
        requireAnnounced("incomplete sites", window.incomplete());
        if (!window.incomplete().isEmpty()) {
            return blame(window.incomplete(), "signed for an upload that lacks chunks", moment);
        }
        SortedSet<SiteId> astray = new ManifestCheck(moment.verifier(), terms, opened).astray(window.survivors());
        if (!astray.isEmpty()) {
            return blame(astray, "signed to have read another opening of the round than the transcript's", moment);
        }
        Optional<String> lack = lack(window.sites(), moment.task());
        if (lack.isPresent()) {
            return Aborting.abort(terms, lack.get() + "; a fresh round follows", moment);
        }
        Survivors survivors = new Survivors(
                terms.round().number(),
                window.survivors(),
                moment.after(moment.task().rounds().unmaskSeconds()));
        return Decision.to(
                new Closing(roster, terms, window), Effect.append(terms.round().task(), Kind.SURVIVORS, survivors));
    }

    private void requireAnnounced(String who, SortedSet<SiteId> sites) throws RejectedRecordException {
        if (!terms.announced().containsAll(sites)) {
            throw new RejectedRecordException(
                    Rejection.INVALID_FIELD, "%s %s are not all among %s".formatted(who, sites, terms.announced()));
        }
    }

    private Decision<RoundState> blame(SortedSet<SiteId> sites, String wrong, Moment moment) {
        List<Effect> strikes = new ArrayList<>();
        for (SiteId site : sites) {
            strikes.add(
                    SiteCommand.strike(site, terms.round().task(), "round %s: it %s".formatted(terms.round(), wrong)));
        }
        return Aborting.abort(terms, "%s %s; a fresh round follows".formatted(sites, wrong), moment)
                .after(strikes);
    }

    /** Why the survivors' sums could not or must not be unmasked. */
    private Optional<String> lack(SortedSet<SiteId> sites, CoordinatedTask task) {
        int least = roster.graph().least(task);
        if (sites.size() < least) {
            return Optional.of("%d sites survived and %d are needed".formatted(sites.size(), least));
        }
        SurvivorSet set = new SurvivorSet(terms.round(), terms.parted(), sites);
        int minimum = task.rounds().minSurvivors();
        for (int group = 0; group < set.groups().count(); group++) {
            int alive = set.survivors(group).size();
            if (alive < minimum) {
                return Optional.of("%d sites of group %d survived and %d are needed".formatted(alive, group, minimum));
            }
        }
        SortedSet<SiteId> lost = roster.graph().lost(terms.announced(), sites);
        return lost.isEmpty()
                ? Optional.empty()
                : Optional.of("fewer than the threshold of %d survived among those who hold the shares of %s"
                        .formatted(roster.graph().threshold(), lost));
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
