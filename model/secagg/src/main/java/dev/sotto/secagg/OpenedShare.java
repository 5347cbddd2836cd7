package dev.sotto.secagg;

import java.security.MessageDigest;

/**
 * A share that its holder gives out for a round, with the salt that opens the dealer's commitment to it.
 *
 * @param of the site whose secret it is a share of
 * @param kind which secret
 * @param share 32 bytes, the value at the holder's place
 * @param salt 16 bytes
 */
public record OpenedShare(SiteId of, ShareKind kind, byte[] share, byte[] salt) {
    /** @throws IllegalArgumentException if share or salt has another length */
    public OpenedShare {
        share = Require.copy("share", share, Shamir.SECRET_BYTES);
        salt = Require.copy("salt of a share", salt, ShareCommitment.SALT_BYTES);
    }

    @Override
    public byte[] share() {
        return share.clone();
    }

    @Override
    public byte[] salt() {
        return salt.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OpenedShare opened
                && of.equals(opened.of)
                && kind == opened.kind
                && MessageDigest.isEqual(share, opened.share)
                && MessageDigest.isEqual(salt, opened.salt);
    }

    /** Of the public parts alone. */
    @Override
    public int hashCode() {
        return 31 * of.hashCode() + kind.hashCode();
    }

    @Override
    public String toString() {
        return kind + " share of " + of;
    }
}
