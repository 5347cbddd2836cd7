package dev.sotto.contracts.audit;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Seal;
import dev.sotto.contracts.avro.SiteBundle;
import dev.sotto.secagg.SealProof;
import java.util.List;

/**
 * The proof that a site's bundle is in a block's seal, with the two signed records that it is between: whoever trusts the
 * keys of coordination and of the site can check it without the transcript.
 *
 * @param seal the signed SEAL record
 * @param bundle the site's signed BUNDLE record
 * @param proof leads from the one to the other
 */
public record SealInclusion(byte[] seal, byte[] bundle, SealProof proof) {
    /**
     * Checks both signatures and the proof.
     *
     * @throws RejectedRecordException if one of them does not hold; names which
     */
    public void verify(EnvelopeVerifier verifier) throws RejectedRecordException {
        SignedRecord sealed = verifier.open(seal);
        SignedRecord dealt = verifier.open(bundle);
        require(sealed.kind() == Kind.SEAL, "a %s where the SEAL must be".formatted(sealed.kind()));
        require(dealt.kind() == Kind.BUNDLE, "a %s where the BUNDLE must be".formatted(dealt.kind()));
        require(
                dealt.task().equals(sealed.task()),
                "a bundle for task %s and a seal of task %s".formatted(dealt.task(), sealed.task()));
        Seal terms = sealed.payload(Seal.class);
        int block = dealt.payload(SiteBundle.class).getBlock();
        require(
                block == terms.getBlock(),
                "a bundle for block %d and a seal of block %d".formatted(block, terms.getBlock()));
        String site = proof.site().value();
        require(dealt.signer().equals(site), "a proof for %s and a bundle of %s".formatted(site, dealt.signer()));
        List<String> members = terms.getMembers();
        require(
                proof.index() < members.size() && members.get(proof.index()).equals(site),
                "a proof for %s in place %d, which is not its place in the seal".formatted(site, proof.index()));
        require(
                proof.verify(AvroCodec.bytes(terms.getSealHash()), dealt.hash(), members.size()),
                "a proof that does not lead from the bundle to the seal");
    }

    private static void require(boolean holds, String found) throws RejectedRecordException {
        if (!holds) {
            throw new RejectedRecordException(Rejection.INVALID_FIELD, "there is " + found);
        }
    }
}
