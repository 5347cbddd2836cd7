package dev.sotto.contracts;

import dev.sotto.contracts.avro.BlockOffer;
import dev.sotto.contracts.avro.CohortMember;
import dev.sotto.secagg.AgreementPublicKey;
import dev.sotto.secagg.BlockId;
import dev.sotto.secagg.BlockTerms;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.TaskId;
import java.util.SortedMap;
import java.util.TreeMap;

/** The terms of a block as an offer states them. Stateless. */
public final class BlockOfferCodec {
    private BlockOfferCodec() {}

    /**
     * The terms.
     *
     * @throws RejectedRecordException {@link Rejection#INVALID_FIELD} if they are none, or a member stands twice
     */
    public static BlockTerms terms(TaskId task, BlockOffer offer) throws RejectedRecordException {
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
                    offer.getThreshold());
        } catch (IllegalArgumentException e) {
            throw new RejectedRecordException(Rejection.INVALID_FIELD, "the block offer is none: " + e.getMessage(), e);
        }
    }
}
