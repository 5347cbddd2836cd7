package dev.sotto.coordination.protocol;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.BeaconCodec;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.BlockOffer;
import dev.sotto.contracts.avro.CohortMember;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Reveal;
import dev.sotto.secagg.Beacon;
import dev.sotto.secagg.SiteId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A cohort is frozen and reveals the nonces from which its sparse mask graph is drawn. All of them are needed: a beacon
 * without the last one would be chosen by whoever is last.
 *
 * @param block the block's number
 * @param progress how far the task has come
 * @param offer Avro binary of the {@code BlockOffer}
 * @param offered the position of the offer, which every reveal must carry; null until it is written
 * @param reveals what has come, by site
 */
public record Revealing(
        int block,
        Progress progress,
        byte[] offer,
        @Nullable TranscriptPosition offered,
        SortedMap<SiteId, SiteRecord> reveals)
        implements ActiveBlock {
    @Override
    public ActiveBlock with(Progress changed) {
        return new Revealing(block, changed, offer, offered, reveals);
    }

    @Override
    public Decision<BlockState> written(Written record, Moment moment) {
        return record.kind() == Kind.BLOCK_OFFER && offered == null
                ? Decision.stay(new Revealing(block, progress, offer, record.position(), reveals))
                : Decision.stay(this);
    }

    @Override
    public Decision<BlockState> reveal(SiteRecord reveal, Moment moment) throws RejectedRecordException {
        if (offered == null) {
            return Decision.to(this, new Effect.Later(Opening.SOON, new BlockCommand.RevealReceived(reveal)));
        }
        SignedRecord signed = moment.verifier().open(reveal.envelope());
        BlockOffer terms = terms();
        // A commitment opens to one nonce alone, so that whatever holds a second time says the same.
        var unused = new BeaconCodec(moment.verifier()).nonce(moment.task().id(), terms, signed);
        if (!signed.position().equals(offered)) {
            throw new RejectedRecordException(
                    Rejection.INVALID_FIELD,
                    "%s reveals under position %s but block %d is offered at %s"
                            .formatted(reveal.site(), signed.position(), block, offered));
        }
        if (reveals.containsKey(reveal.site())) {
            return Decision.stay(this);
        }
        SortedMap<SiteId, SiteRecord> more = new TreeMap<>(reveals);
        more.put(reveal.site(), reveal);
        Revealing next = new Revealing(block, progress, offer, offered, Collections.unmodifiableSortedMap(more));
        return more.size() < terms.getCohort().size() ? Decision.stay(next) : next.draw(offered, moment);
    }

    private Decision<BlockState> draw(TranscriptPosition at, Moment moment) throws RejectedRecordException {
        List<ByteBuffer> signed = new ArrayList<>();
        // Each was held against its commitment when it came.
        SortedMap<SiteId, byte[]> nonces = new TreeMap<>();
        for (SiteRecord reveal : reveals.values()) {
            signed.add(ByteBuffer.wrap(reveal.envelope()));
            nonces.put(
                    reveal.site(), AvroCodec.bytes(reveal.payload(Reveal.class).getNonce()));
        }
        return Decision.to(
                new Offered(block, progress, offer, Beacon.of(at.head(), nonces), new TreeMap<>(), false),
                Effect.append(moment.task().id(), Kind.BEACON, new dev.sotto.contracts.avro.Beacon(block, signed)),
                new Effect.Later(
                        Duration.ofSeconds(moment.task().rounds().bundleSeconds()), new BlockCommand.BundleDue(block)));
    }

    @Override
    public Decision<BlockState> revealDue(int dueBlock, Moment moment) throws RejectedRecordException {
        if (dueBlock != block) {
            return Decision.stay(this);
        }
        if (offered == null) {
            // Nobody can have read the offer yet.
            return Decision.to(
                    this,
                    new Effect.Later(
                            Duration.ofSeconds(moment.task().rounds().bundleSeconds()),
                            new BlockCommand.RevealDue(block)));
        }
        SortedSet<SiteId> missing = new TreeSet<>();
        for (CohortMember member : terms().getCohort()) {
            missing.add(new SiteId(member.getSite()));
        }
        missing.removeAll(reveals.keySet());
        Draws draws = progress.draws().another(missing);
        String reason = "%s did not reveal in time; offer %d of at most %d in a row"
                .formatted(missing, draws.givenUp(), Draws.MOST);
        if (draws.givenUp() < Draws.MOST) {
            return Enrolling.insteadOf(block, reason, progress.draws(draws), moment);
        }
        return TaskEnded.end(
                        "%d offers in a row were given up because %s did not reveal; drawn once more, the mask graph could be somebody's choice: start a task of another name without them"
                                .formatted(draws.givenUp(), draws.silent()),
                        progress,
                        moment)
                .after(Enrolling.givenUp(block, reason, moment));
    }

    private BlockOffer terms() throws RejectedRecordException {
        return AvroCodec.decode(offer, BlockOffer.class);
    }
}
