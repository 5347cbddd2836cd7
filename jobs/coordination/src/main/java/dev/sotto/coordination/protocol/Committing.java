package dev.sotto.coordination.protocol;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.ModelAnnounced;
import dev.sotto.contracts.avro.RoundResult;
import dev.sotto.secagg.SiteId;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The ledger is told that the round was released.
 *
 * @param terms what the round is about
 * @param window who is in the sum
 * @param release the model it made
 */
public record Committing(RoundTerms terms, Window window, Release release) implements RoundState {
    @Override
    public Decision<RoundState> windowFired(Window again, Moment moment) throws RejectedRecordException {
        return Repeats.sameWindow(this, window, again);
    }

    @Override
    public Decision<RoundState> answered(SiteRecord answer, Moment moment) {
        return Decision.stay(this);
    }

    @Override
    public Decision<RoundState> modelMade(Release again, Moment moment) throws RejectedRecordException {
        return Repeats.sameModel(this, release.model(), again);
    }

    @Override
    public Decision<RoundState> committed(RoundCommand.ReleaseCommitted committed, Moment moment) {
        try {
            return Decision.to(
                    new Publishing(terms, window, release.model()),
                    Effect.append(terms.round().task(), Kind.ROUND_RESULT, result(committed, moment)));
        } catch (RejectedRecordException e) {
            throw new IllegalStateException("window and model are checked before they are kept", e);
        }
    }

    private RoundResult result(RoundCommand.ReleaseCommitted committed, Moment moment) throws RejectedRecordException {
        ModelAnnounced model = release.announced();
        SortedSet<SiteId> dropouts = new TreeSet<>(terms.announced());
        dropouts.removeAll(window.sites());
        return RoundResult.newBuilder()
                .setRound(terms.round().number())
                .setModelVersion(model.getVersion())
                .setModelSha256(model.getSha256())
                .setAggregateHash(model.getAggregateHash())
                .setSurvivors(names(window.sites()))
                .setDropouts(names(dropouts))
                .setRho(committed.rhoSpent())
                .setEpsilon(committed.epsilonSpent())
                .setDelta(moment.task().delta())
                .setLedgerHash(ByteBuffer.wrap(committed.ledgerHash()))
                .setMetrics(model.getMetrics())
                .setUnclipped(model.getUnclipped())
                .setTally(model.getTally())
                .build();
    }

    private static List<String> names(SortedSet<SiteId> sites) {
        return sites.stream().map(SiteId::value).toList();
    }
}
