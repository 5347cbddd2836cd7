package dev.sotto.coordination.protocol;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.BlockOfferCodec;
import dev.sotto.contracts.BundleCodec;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.contracts.avro.BlockOffer;
import dev.sotto.contracts.avro.CohortMember;
import dev.sotto.contracts.avro.Enrol;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.SiteBundle;
import dev.sotto.secagg.BlockTerms;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.TaskId;
import dev.sotto.secagg.Thresholds;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A cohort is frozen and deals.
 *
 * @param block the block's number
 * @param progress how far the task has come
 * @param offer Avro binary of the {@code BlockOffer}
 * @param bundles what has come, by site
 * @param due whether the time is over, so that a part of the cohort is enough
 */
public record Offered(int block, Progress progress, byte[] offer, SortedMap<SiteId, SiteRecord> bundles, boolean due)
        implements ActiveBlock {
    static Decision<BlockState> offer(Enrolling from, Moment moment) {
        CoordinatedTask task = moment.task();
        List<CohortMember> cohort = new ArrayList<>();
        from.enrolled()
                .forEach((site, enrolment) -> cohort.add(new CohortMember(
                        site.value(),
                        ByteBuffer.wrap(encryptionKey(enrolment)),
                        ByteBuffer.wrap(enrolment.envelope()))));
        BlockOffer offer = BlockOffer.newBuilder()
                .setBlock(from.block())
                .setFirstRound(from.progress().nextRound())
                .setRounds(task.rounds().perBlock())
                .setThreshold(Thresholds.completeGraph(cohort.size()))
                .setCohort(cohort)
                .setTaskHash(ByteBuffer.wrap(task.hash()))
                .setDeadline(moment.after(task.rounds().bundleSeconds()))
                .build();
        return Decision.to(
                new Offered(from.block(), from.progress(), AvroCodec.encode(offer), new TreeMap<>(), false),
                Effect.append(task.id(), Kind.BLOCK_OFFER, offer),
                new Effect.Later(
                        Duration.ofSeconds(task.rounds().bundleSeconds()), new BlockCommand.BundleDue(from.block())));
    }

    private static byte[] encryptionKey(SiteRecord enrolment) {
        try {
            return AvroCodec.bytes(enrolment.payload(Enrol.class).getEncryptionKey());
        } catch (RejectedRecordException e) {
            throw new IllegalStateException("an enrolment is checked before it is kept", e);
        }
    }

    @Override
    public ActiveBlock with(Progress changed) {
        return new Offered(block, changed, offer, bundles, due);
    }

    @Override
    public Decision<BlockState> bundle(SiteRecord bundle, Moment moment) throws RejectedRecordException {
        SiteBundle payload = bundle.payload(SiteBundle.class);
        if (payload.getBlock() != block) {
            throw new RejectedRecordException(
                    Rejection.WRONG_ROUND,
                    "%s deals for block %d but block %d is offered"
                            .formatted(bundle.site(), payload.getBlock(), block));
        }
        TaskId task = moment.task().id();
        try {
            BundleCodec.fromRecord(task, bundle.site(), payload).requireFits(terms(task));
        } catch (IllegalArgumentException e) {
            throw new RejectedRecordException(
                    Rejection.INVALID_FIELD, "the bundle does not fit the offer: " + e.getMessage(), e);
        }
        SiteRecord earlier = bundles.get(bundle.site());
        if (earlier != null) {
            if (!earlier.payload(SiteBundle.class).equals(payload)) {
                throw new RejectedRecordException(
                        Rejection.CONFLICT,
                        "%s has dealt other keys or shares for block %d; the first count"
                                .formatted(bundle.site(), block));
            }
            return Decision.stay(this);
        }
        SortedMap<SiteId, SiteRecord> more = new TreeMap<>(bundles);
        more.put(bundle.site(), bundle);
        return proceed(new Offered(block, progress, offer, Collections.unmodifiableSortedMap(more), due), moment);
    }

    @Override
    public Decision<BlockState> bundleDue(int dueBlock, Moment moment) throws RejectedRecordException {
        return dueBlock == block
                ? proceed(new Offered(block, progress, offer, bundles, true), moment)
                : Decision.stay(this);
    }

    private static Decision<BlockState> proceed(Offered next, Moment moment) throws RejectedRecordException {
        BlockTerms terms = next.terms(moment.task().id());
        int least = Math.max(moment.task().rounds().minCohort(), terms.threshold());
        int enough = next.due ? least : terms.cohort().size();
        return next.bundles.size() >= enough ? Sealing.seal(next, terms, moment) : Decision.stay(next);
    }

    private BlockTerms terms(TaskId task) throws RejectedRecordException {
        return BlockOfferCodec.terms(task, AvroCodec.decode(offer, BlockOffer.class));
    }
}
