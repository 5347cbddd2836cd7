package dev.sotto.contracts;

import dev.sotto.contracts.avro.BlockOffer;
import dev.sotto.contracts.avro.CohortMember;
import dev.sotto.contracts.avro.Enrol;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Reveal;
import dev.sotto.secagg.Beacon;
import dev.sotto.secagg.BlockId;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.TaskId;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The beacon of a block: every member of the frozen cohort has committed to a nonce with its enrolment and reveals it once
 * the offer is in the transcript. Nobody can know it before the cohort is frozen as long as one member is honest; who leaves
 * a reveal out only ends the block. Thread-safe as far as the verifier is.
 */
public final class BeaconCodec {
    private final EnvelopeVerifier verifier;

    public BeaconCodec(EnvelopeVerifier verifier) {
        this.verifier = verifier;
    }

    /**
     * The nonce that a member revealed.
     *
     * @param record a record whose signature holds
     * @throws RejectedRecordException if it reveals nothing for this offer, or not what its signer has committed to
     */
    public byte[] nonce(TaskId task, BlockOffer offer, SignedRecord record) throws RejectedRecordException {
        if (record.kind() != Kind.REVEAL || !record.task().equals(task)) {
            throw new RejectedRecordException(
                    Rejection.WRONG_KIND, "a %s of task %s reveals no nonce".formatted(record.kind(), record.task()));
        }
        Reveal reveal = record.payload(Reveal.class);
        if (reveal.getBlock() != offer.getBlock()) {
            throw new RejectedRecordException(
                    Rejection.WRONG_ROUND,
                    "%s reveals for block %d but block %d is offered"
                            .formatted(record.signer(), reveal.getBlock(), offer.getBlock()));
        }
        byte[] nonce = AvroCodec.bytes(reveal.getNonce());
        BlockId block = new BlockId(task, offer.getBlock());
        if (!Beacon.opens(commitment(offer, record.signer()), block, new SiteId(record.signer()), nonce)) {
            throw new RejectedRecordException(
                    Rejection.INVALID_FIELD,
                    "%s reveals another nonce than it has committed to".formatted(record.signer()));
        }
        return nonce;
    }

    private byte[] commitment(BlockOffer offer, String site) throws RejectedRecordException {
        for (CohortMember member : offer.getCohort()) {
            if (member.getSite().equals(site)) {
                SignedRecord enrolment = verifier.open(AvroCodec.bytes(member.getEnrolment()));
                return AvroCodec.bytes(enrolment.payload(Enrol.class).getBeaconCommitment());
            }
        }
        throw new RejectedRecordException(
                Rejection.INVALID_FIELD, "%s is not in the cohort of block %d".formatted(site, offer.getBlock()));
    }

    /**
     * The beacon.
     *
     * @param offerHash the hash of the transcript's BLOCK_OFFER record
     * @param reveals signed REVEAL records, as a BEACON record lists them
     * @return 32 bytes
     * @throws RejectedRecordException if a reveal does not hold, or a member of the cohort has none or two
     */
    public byte[] beacon(TaskId task, BlockOffer offer, byte[] offerHash, List<ByteBuffer> reveals)
            throws RejectedRecordException {
        SortedMap<SiteId, byte[]> nonces = new TreeMap<>();
        for (ByteBuffer reveal : reveals) {
            SignedRecord record = verifier.open(AvroCodec.bytes(reveal));
            if (nonces.put(new SiteId(record.signer()), nonce(task, offer, record)) != null) {
                throw new RejectedRecordException(
                        Rejection.INVALID_FIELD, "%s reveals twice in one beacon".formatted(record.signer()));
            }
        }
        if (nonces.size() != offer.getCohort().size()) {
            throw new RejectedRecordException(
                    Rejection.INVALID_FIELD,
                    "the beacon of block %d has %d reveals; its cohort has %d members"
                            .formatted(
                                    offer.getBlock(),
                                    nonces.size(),
                                    offer.getCohort().size()));
        }
        return Beacon.of(offerHash, nonces);
    }
}
