package dev.sotto.contracts;

import dev.sotto.contracts.avro.BlockOffer;
import dev.sotto.contracts.avro.CohortMember;
import dev.sotto.secagg.AgreementPublicKey;
import dev.sotto.secagg.BlockId;
import dev.sotto.secagg.BlockTerms;
import dev.sotto.secagg.NeighbourGraph;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.TaskId;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** The terms of a block as an offer states them. Stateless. */
public final class BlockOfferCodec {
    private BlockOfferCodec() {}

    /**
     * The terms of an offer on the complete graph.
     *
     * @throws RejectedRecordException {@link Rejection#INVALID_FIELD} if they are none, a member stands twice, or the offer
     *     has a degree and thus needs a beacon
     */
    public static BlockTerms terms(TaskId task, BlockOffer offer) throws RejectedRecordException {
        if (offer.getDegree() != 0) {
            throw new RejectedRecordException(
                    Rejection.INVALID_FIELD,
                    "block %d has %d neighbours a site, drawn from a beacon that is not there"
                            .formatted(offer.getBlock(), offer.getDegree()));
        }
        return terms(task, offer, NeighbourGraph::complete);
    }

    /**
     * The terms of an offer whose mask graph is drawn from a beacon; one without a degree does not look at it.
     *
     * @param beacon 32 bytes, what {@link BeaconCodec} gives
     * @throws RejectedRecordException {@link Rejection#INVALID_FIELD} if they are none, or a member stands twice
     */
    public static BlockTerms terms(TaskId task, BlockOffer offer, byte[] beacon) throws RejectedRecordException {
        return offer.getDegree() == 0
                ? terms(task, offer)
                : terms(task, offer, cohort -> NeighbourGraph.harary(cohort, offer.getDegree(), beacon));
    }

    private static BlockTerms terms(TaskId task, BlockOffer offer, Function<SortedSet<SiteId>, NeighbourGraph> graph)
            throws RejectedRecordException {
        try {
            SortedMap<SiteId, AgreementPublicKey> cohort = new TreeMap<>();
            for (CohortMember member : offer.getCohort()) {
                SiteId site = new SiteId(member.getSite());
                AgreementPublicKey key = AgreementPublicKey.of(AvroCodec.bytes(member.getEncryptionKey()));
                if (cohort.put(site, key) != null) {
                    throw new IllegalArgumentException(site + " stands twice in the cohort");
                }
            }
            return new BlockTerms(
                    new BlockId(task, offer.getBlock()),
                    offer.getFirstRound(),
                    offer.getRounds(),
                    cohort,
                    graph.apply(new TreeSet<>(cohort.keySet())),
                    offer.getThreshold());
        } catch (IllegalArgumentException e) {
            throw new RejectedRecordException(Rejection.INVALID_FIELD, "the block offer is none: " + e.getMessage(), e);
        }
    }
}
