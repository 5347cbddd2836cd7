package dev.sotto.secagg;

import java.util.Arrays;

/**
 * What a dealer gives one holder for one round: both shares in a box that this holder alone can open, and a public
 * commitment to each. Immutable.
 *
 * @param destination who can open the box; on the complete graph the dealer itself has one as well
 * @param box nonce, AES-256-GCM ciphertext and tag of both shares and their salts; 124 bytes
 * @param selfMaskCommitment 32 bytes, salted hash of the share of the self-mask seed
 * @param maskKeyCommitment 32 bytes, salted hash of the share of the private mask key
 */
public record EncryptedShares(SiteId destination, byte[] box, byte[] selfMaskCommitment, byte[] maskKeyCommitment) {
    /** @throws IllegalArgumentException if a part has another length */
    public EncryptedShares {
        box = Require.copy("box for " + destination, box, ShareBox.BYTES);
        selfMaskCommitment = Require.copy("commitment for " + destination, selfMaskCommitment, Require.HASH_BYTES);
        maskKeyCommitment = Require.copy("commitment for " + destination, maskKeyCommitment, Require.HASH_BYTES);
    }

    @Override
    public byte[] box() {
        return box.clone();
    }

    @Override
    public byte[] selfMaskCommitment() {
        return selfMaskCommitment.clone();
    }

    @Override
    public byte[] maskKeyCommitment() {
        return maskKeyCommitment.clone();
    }

    /** The commitment to one kind of share, 32 bytes. */
    public byte[] commitment(ShareKind kind) {
        return kind == ShareKind.SELF_MASK ? selfMaskCommitment() : maskKeyCommitment();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EncryptedShares shares
                && destination.equals(shares.destination)
                && Arrays.equals(box, shares.box)
                && Arrays.equals(selfMaskCommitment, shares.selfMaskCommitment)
                && Arrays.equals(maskKeyCommitment, shares.maskKeyCommitment);
    }

    @Override
    public int hashCode() {
        return 31 * destination.hashCode() + Arrays.hashCode(box);
    }

    @Override
    public String toString() {
        return "encrypted shares for " + destination;
    }
}
