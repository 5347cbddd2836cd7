package dev.sotto.coordination.protocol;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.BlockOfferCodec;
import dev.sotto.contracts.BundleCodec;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.contracts.avro.BlockOffer;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Reveal;
import dev.sotto.contracts.avro.Roster;
import dev.sotto.contracts.avro.SiteBundle;
import dev.sotto.privacy.Digest;
import dev.sotto.secagg.BlockTerms;
import dev.sotto.secagg.Bundle;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.RoundKeys;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.TaskId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A cohort is frozen and deals. Every bundle goes into the transcript and in parts to the block's rounds as it comes; the
 * hashes alone stay here.
 *
 * @param block the block's number
 * @param progress how far the task has come
 * @param offer Avro binary of the {@code BlockOffer}
 * @param beacon what a sparse graph is drawn from; empty for the complete one
 * @param dealt what has come, by site
 * @param due whether the time is over, so that a part of the cohort is enough
 */
public record Offered(
        int block, Progress progress, byte[] offer, byte[] beacon, SortedMap<SiteId, DealtBundle> dealt, boolean due)
        implements ActiveBlock {
    @Override
    public ActiveBlock with(Progress changed) {
        return new Offered(block, changed, offer, beacon, dealt, due);
    }

    /** A reveal repeated after the beacon is written changes nothing. */
    @Override
    public Decision<BlockState> reveal(SiteRecord reveal, Moment moment) throws RejectedRecordException {
        return beacon.length != 0 && reveal.payload(Reveal.class).getBlock() == block
                ? Decision.stay(this)
                : ActiveBlock.super.reveal(reveal, moment);
    }

    @Override
    public Decision<BlockState> bundle(SiteRecord record, Moment moment) throws RejectedRecordException {
        SiteBundle payload = record.payload(SiteBundle.class);
        if (payload.getBlock() != block) {
            throw new RejectedRecordException(
                    Rejection.WRONG_ROUND,
                    "%s deals for block %d but block %d is offered"
                            .formatted(record.site(), payload.getBlock(), block));
        }
        byte[] content = Digest.sha256(AvroCodec.encode(payload)).bytes();
        DealtBundle earlier = dealt.get(record.site());
        if (earlier != null) {
            if (!Arrays.equals(earlier.content(), content)) {
                throw new RejectedRecordException(
                        Rejection.CONFLICT,
                        "%s has dealt other keys or shares for block %d; the first count"
                                .formatted(record.site(), block));
            }
            return Decision.stay(this);
        }
        TaskId task = moment.task().id();
        BlockTerms terms = terms(task);
        Bundle bundle = BundleCodec.fromRecord(task, record.site(), payload);
        try {
            bundle.requireFits(terms);
        } catch (IllegalArgumentException e) {
            throw new RejectedRecordException(
                    Rejection.INVALID_FIELD, "the bundle does not fit the offer: " + e.getMessage(), e);
        }
        SortedMap<SiteId, DealtBundle> more = new TreeMap<>(dealt);
        more.put(record.site(), new DealtBundle(record.hash(), content));
        Offered next = new Offered(block, progress, offer, beacon, Collections.unmodifiableSortedMap(more), due);
        return next.proceed(terms, moment).after(handOn(record, bundle));
    }

    private List<Effect> handOn(SiteRecord record, Bundle bundle) {
        TaskId task = bundle.block().task();
        List<Effect> effects = new ArrayList<>();
        effects.add(Effect.append(task, Kind.ROSTER, new Roster(block, ByteBuffer.wrap(record.envelope()))));
        for (RoundKeys keys : bundle.rounds()) {
            Bundle part = new Bundle(bundle.block(), bundle.site(), List.of(keys));
            effects.add(new Effect.Tell(
                    Recipient.round(new RoundId(task, keys.round())),
                    new RoundCommand.PartDealt(bundle.site(), AvroCodec.encode(BundleCodec.toRecord(part)))));
        }
        return effects;
    }

    @Override
    public Decision<BlockState> bundleDue(int dueBlock, Moment moment) throws RejectedRecordException {
        if (dueBlock != block) {
            return Decision.stay(this);
        }
        Offered next = new Offered(block, progress, offer, beacon, dealt, true);
        return next.proceed(terms(moment.task().id()), moment);
    }

    private Decision<BlockState> proceed(BlockTerms terms, Moment moment) {
        return enough(terms, moment.task()) ? Sealing.seal(this, terms, moment) : Decision.stay(this);
    }

    private boolean enough(BlockTerms terms, CoordinatedTask task) {
        if (!due) {
            return dealt.size() >= terms.cohort().size();
        }
        BlockGraph graph = BlockGraph.of(terms);
        int least = Math.max(task.rounds().minCohort(), graph.least(task));
        SortedSet<SiteId> members = new TreeSet<>(dealt.keySet());
        return members.size() >= least && graph.reachable(members).size() >= least;
    }

    private BlockTerms terms(TaskId task) throws RejectedRecordException {
        return BlockOfferCodec.terms(task, AvroCodec.decode(offer, BlockOffer.class), beacon);
    }
}
