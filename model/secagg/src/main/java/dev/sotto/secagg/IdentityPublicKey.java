package dev.sotto.secagg;

import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;

/** The public half of a participant's long-term Ed25519 identity (RFC 8032), as an allow-list holds it. Immutable. */
public final class IdentityPublicKey {
    private static final int SIGNATURE_BYTES = 64;

    private final byte[] raw;

    private IdentityPublicKey(byte[] raw) {
        this.raw = raw;
    }

    /**
     * Wraps 32 raw bytes.
     *
     * @throws IllegalArgumentException if there are not 32 of them
     */
    public static IdentityPublicKey of(byte[] raw) {
        return new IdentityPublicKey(Require.copy("identity public key", raw, RawKeys.LENGTH));
    }

    /**
     * Reads what {@link #toBase64()} wrote.
     *
     * @throws IllegalArgumentException if the text is not Base64 of 32 bytes
     */
    public static IdentityPublicKey fromBase64(String text) {
        return of(Base64.getDecoder().decode(text));
    }

    /** Returns a copy of the 32 raw bytes. */
    public byte[] bytes() {
        return raw.clone();
    }

    /** The 32 raw bytes in Base64 with padding. */
    public String toBase64() {
        return Base64.getEncoder().encodeToString(raw);
    }

    /**
     * Whether {@code signature} is this identity's over {@code message} in {@code domain}. Garbage of any kind, in the
     * signature or in the key, is false and never an exception.
     */
    public boolean verify(String domain, byte[] message, byte[] signature) {
        if (signature.length != SIGNATURE_BYTES) {
            return false;
        }
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(RawKeys.publicKey(raw));
            verifier.update(SignedBytes.of(domain, message));
            return verifier.verify(signature);
        } catch (GeneralSecurityException malformed) {
            return false;
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IdentityPublicKey key && Arrays.equals(raw, key.raw);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(raw);
    }

    @Override
    public String toString() {
        return toBase64();
    }
}
