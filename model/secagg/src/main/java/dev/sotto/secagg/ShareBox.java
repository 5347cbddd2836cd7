package dev.sotto.secagg;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The channel from one dealer to one holder within a block: AES-256-GCM under a key for each round, derived from the
 * X25519 agreement of the two sites' encryption keys and bound, as is the additional data, to block, round, both sites
 * and the roster root.
 */
final class ShareBox implements AutoCloseable {
    static final int NONCE_BYTES = 12;
    static final int PLAIN_BYTES = 2 * (Shamir.SECRET_BYTES + ShareCommitment.SALT_BYTES);
    static final int BYTES = NONCE_BYTES + PLAIN_BYTES + 16;

    private static final int TAG_BITS = 128;
    private static final byte[] LABEL = LengthPrefixed.text("sotto/box/v1");

    private final byte[] shared;
    private final byte[] rosterRoot;
    private final SiteId source;
    private final SiteId destination;

    private ShareBox(byte[] shared, byte[] rosterRoot, SiteId source, SiteId destination) {
        this.shared = shared;
        this.rosterRoot = rosterRoot;
        this.source = source;
        this.destination = destination;
    }

    static ShareBox outgoing(
            BlockTerms terms, byte[] rosterRoot, AgreementKeyPair own, SiteId self, SiteId destination) {
        return new ShareBox(own.agree(key(terms, destination)), rosterRoot, self, destination);
    }

    static ShareBox incoming(BlockTerms terms, byte[] rosterRoot, AgreementKeyPair own, SiteId source, SiteId self) {
        return new ShareBox(own.agree(key(terms, source)), rosterRoot, source, self);
    }

    private static AgreementPublicKey key(BlockTerms terms, SiteId site) {
        AgreementPublicKey key = terms.cohort().get(site);
        if (key == null) {
            throw new IllegalArgumentException("site " + site + " is not in the cohort of block " + terms.block());
        }
        return key;
    }

    byte[] seal(RoundId round, byte[] nonce, byte[] plain) {
        try {
            byte[] box = Arrays.copyOf(nonce, BYTES);
            cipher(Cipher.ENCRYPT_MODE, round, nonce).doFinal(plain, 0, PLAIN_BYTES, box, NONCE_BYTES);
            return box;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM refused to seal", e);
        }
    }

    /** Returns the plain bytes, which the caller erases, or nothing if the box is not from this channel and round. */
    Optional<byte[]> open(RoundId round, byte[] box) {
        try {
            byte[] nonce = Arrays.copyOf(box, NONCE_BYTES);
            return Optional.of(
                    cipher(Cipher.DECRYPT_MODE, round, nonce).doFinal(box, NONCE_BYTES, BYTES - NONCE_BYTES));
        } catch (AEADBadTagException forged) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM refused to open", e);
        }
    }

    private Cipher cipher(int mode, RoundId round, byte[] nonce) throws GeneralSecurityException {
        byte[] context = LengthPrefixed.of(
                LABEL,
                LengthPrefixed.text(round),
                LengthPrefixed.text(source),
                LengthPrefixed.text(destination),
                rosterRoot);
        byte[] key = Hkdf.sha256(shared, rosterRoot, context, 32);
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(context);
            return cipher;
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    @Override
    public void close() {
        Arrays.fill(shared, (byte) 0);
    }
}
