package dev.sotto.contracts.audit;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Roster;
import dev.sotto.contracts.avro.Seal;
import dev.sotto.federation.Trust;
import dev.sotto.secagg.SealProof;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.TaskId;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Looks through a transcript for what proves that a site's bundle is in a block's seal. Not thread-safe. */
public final class InclusionSearch {
    private final EnvelopeVerifier verifier;
    private final TaskId task;
    private final int block;
    private final SiteId site;
    private final SortedMap<SiteId, byte[]> hashes = new TreeMap<>();
    private byte @Nullable [] bundle;
    private byte @Nullable [] seal;

    public InclusionSearch(Trust trust, TaskId task, int block, SiteId site) {
        this.verifier = new EnvelopeVerifier(trust);
        this.task = task;
        this.block = block;
        this.site = site;
    }

    /** Takes the next record of {@code fl.rounds}; one that cannot be believed proves nothing and is passed over. */
    public void accept(TranscriptEntry entry) {
        byte[] value = entry.value();
        if (value == null || !entry.concerns(task)) {
            return;
        }
        try {
            SignedRecord record = verifier.open(value);
            if (!record.task().equals(task)) {
                return;
            }
            if (record.kind() == Kind.ROSTER) {
                take(record.payload(Roster.class));
            } else if (record.kind() == Kind.SEAL && record.payload(Seal.class).getBlock() == block) {
                seal = seal == null ? record.value() : seal;
            }
        } catch (RejectedRecordException unbelievable) {
            // The audit reports it; here it is as if it were not there.
        }
    }

    private void take(Roster roster) throws RejectedRecordException {
        if (roster.getBlock() != block) {
            return;
        }
        SignedRecord dealt = verifier.open(AvroCodec.bytes(roster.getBundle()));
        SiteId dealer = new SiteId(dealt.signer());
        if (dealt.kind() == Kind.BUNDLE && hashes.putIfAbsent(dealer, dealt.hash()) == null && dealer.equals(site)) {
            bundle = dealt.value();
        }
    }

    /**
     * The proof, already checked.
     *
     * @throws RejectedRecordException if the transcript does not have it, or it does not hold
     */
    public SealInclusion found() throws RejectedRecordException {
        if (seal == null) {
            throw new RejectedRecordException(
                    Rejection.WRONG_ROUND, "block %d of task %s has no seal in this transcript".formatted(block, task));
        }
        if (bundle == null) {
            throw new RejectedRecordException(
                    Rejection.WRONG_ROUND,
                    "block %d of task %s has no bundle of %s; it has those of %s"
                            .formatted(block, task, site, Findings.names(hashes.keySet())));
        }
        SealInclusion inclusion = new SealInclusion(seal, bundle, SealProof.of(hashes, site));
        inclusion.verify(verifier);
        return inclusion;
    }
}
