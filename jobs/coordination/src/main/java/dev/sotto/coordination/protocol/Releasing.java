package dev.sotto.coordination.protocol;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.ModelAnnounced;
import dev.sotto.secagg.SiteId;
import java.util.Arrays;
import java.util.List;

/**
 * The seeds are out and aggregation makes the model.
 *
 * @param terms what the round is about
 * @param window who is in the sum
 * @param survivors the transcript's record of them
 */
public record Releasing(RoundTerms terms, Window window, TranscriptPosition survivors) implements RoundState {
    private static final int HASH = 32;

    @Override
    public Decision<RoundState> windowFired(Window again, Moment moment) throws RejectedRecordException {
        return Repeats.sameWindow(this, window, again);
    }

    @Override
    public Decision<RoundState> answered(SiteRecord answer, Moment moment) {
        return Decision.stay(this);
    }

    @Override
    public Decision<RoundState> modelMade(Release release, Moment moment) throws RejectedRecordException {
        ModelAnnounced model = release.announced();
        List<String> expected = window.sites().stream().map(SiteId::value).toList();
        require(model.getVersion() == terms.model().version() + 1, "version", model.getVersion());
        require(
                model.getSha256().remaining() == HASH,
                "length of sha256",
                model.getSha256().remaining());
        require(
                model.getAggregateHash().remaining() == HASH,
                "length of aggregateHash",
                model.getAggregateHash().remaining());
        require(Arrays.equals(AvroCodec.bytes(model.getParent()), terms.model().sha256()), "parent", "another model");
        require(model.getSurvivors().stream().sorted().toList().equals(expected), "survivors", model.getSurvivors());
        Double unclipped = model.getUnclipped();
        boolean tells = unclipped != null && unclipped >= 0 && unclipped <= 1;
        require(
                moment.task().clipAdapts() ? tells : unclipped == null,
                "unclipped",
                unclipped == null ? "left out" : unclipped);
        List<Double> tally = model.getTally() == null ? List.of() : model.getTally();
        require(tally.size() == moment.task().tallies(), "length of tally", tally.size());
        require(tally.stream().allMatch(Double::isFinite), "tally", "a count that is not finite");
        return Decision.to(
                new Committing(terms, window, release),
                new Effect.Tell(
                        Recipient.ledger(terms.round().task()),
                        new LedgerCommand.Commit(
                                terms.round(), moment.task().inputHash(terms).bytes(), survivors)));
    }

    private void require(boolean holds, String field, Object value) throws RejectedRecordException {
        if (!holds) {
            throw new RejectedRecordException(
                    Rejection.BAD_MODEL,
                    "%s of the model is not what round %s can have made: %s".formatted(field, terms.round(), value));
        }
    }
}
