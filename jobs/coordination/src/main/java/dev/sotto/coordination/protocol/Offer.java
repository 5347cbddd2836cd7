package dev.sotto.coordination.protocol;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.avro.BlockOffer;
import dev.sotto.contracts.avro.CohortMember;
import dev.sotto.contracts.avro.Enrol;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.secagg.GraphParameters;
import dev.sotto.secagg.SiteId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Freezes a cohort: on a sparse graph it reveals its nonces next, else it deals at once. Stateless. */
final class Offer {
    private Offer() {}

    static Decision<BlockState> make(Enrolling from, SortedMap<SiteId, SiteRecord> cohort, Moment moment) {
        CoordinatedTask task = moment.task();
        GraphParameters graph = task.graph(cohort.size());
        int seconds = task.rounds().bundleSeconds();
        BlockOffer offer = BlockOffer.newBuilder()
                .setBlock(from.block())
                .setFirstRound(from.progress().nextRound())
                .setRounds(task.rounds().perBlock())
                .setThreshold(graph.threshold())
                .setDegree(graph.degree())
                .setCohort(members(cohort))
                .setTaskHash(ByteBuffer.wrap(task.hash()))
                // A reveal may take as long as a bundle, and comes before it.
                .setDeadline(moment.after(graph.degree() == 0 ? seconds : 2 * seconds))
                .build();
        byte[] bytes = AvroCodec.encode(offer);
        Effect append = Effect.append(task.id(), Kind.BLOCK_OFFER, offer);
        Duration time = Duration.ofSeconds(seconds);
        return graph.degree() == 0
                ? Decision.to(
                        new Offered(from.block(), from.progress(), bytes, new byte[0], new TreeMap<>(), false),
                        append,
                        new Effect.Later(time, new BlockCommand.BundleDue(from.block())))
                : Decision.to(
                        new Revealing(from.block(), from.progress(), bytes, null, new TreeMap<>()),
                        append,
                        new Effect.Later(time, new BlockCommand.RevealDue(from.block())));
    }

    private static List<CohortMember> members(SortedMap<SiteId, SiteRecord> cohort) {
        List<CohortMember> members = new ArrayList<>();
        cohort.forEach((site, enrolment) -> members.add(new CohortMember(
                site.value(), ByteBuffer.wrap(encryptionKey(enrolment)), ByteBuffer.wrap(enrolment.envelope()))));
        return members;
    }

    private static byte[] encryptionKey(SiteRecord enrolment) {
        try {
            return AvroCodec.bytes(enrolment.payload(Enrol.class).getEncryptionKey());
        } catch (RejectedRecordException e) {
            throw new IllegalStateException("an enrolment is checked before it is kept", e);
        }
    }
}
