package dev.sotto.secagg;

import java.security.SecureRandom;
import java.util.Arrays;
import javax.security.auth.Destroyable;

/**
 * An X25519 key pair (RFC 7748). Its private half is 32 bytes of randomness as drawn: the curve's clamping happens
 * inside the agreement, so the bytes can be shared and reconstructed as they are. Not thread-safe while it is being
 * destroyed; prints only its public half.
 */
public final class AgreementKeyPair implements Destroyable {
    private static final byte[] BASE_POINT = new byte[RawKeys.LENGTH];

    static {
        BASE_POINT[0] = 9;
    }

    private final byte[] privateKey;
    private final AgreementPublicKey publicKey;
    private boolean destroyed;

    private AgreementKeyPair(byte[] privateKey) {
        this.privateKey = privateKey;
        this.publicKey = AgreementPublicKey.of(X25519.multiply(privateKey, BASE_POINT));
    }

    /** Draws a new pair. */
    public static AgreementKeyPair generate(SecureRandom random) {
        byte[] privateKey = new byte[RawKeys.LENGTH];
        random.nextBytes(privateKey);
        return new AgreementKeyPair(privateKey);
    }

    /**
     * Derives the pair of a raw private key, which is copied.
     *
     * @throws IllegalArgumentException if there are not 32 bytes
     */
    public static AgreementKeyPair of(byte[] rawPrivate) {
        return new AgreementKeyPair(Require.copy("agreement private key", rawPrivate, RawKeys.LENGTH));
    }

    /** Returns a copy of the private key, which the caller erases. */
    public byte[] privateBytes() {
        requireAlive();
        return privateKey.clone();
    }

    /** The public half. */
    public AgreementPublicKey publicKey() {
        return publicKey;
    }

    /**
     * Returns the 32 bytes shared with the owner of {@code other}, which the caller erases. They are not uniform: derive
     * keys from them with {@link Hkdf}.
     *
     * @throws IllegalArgumentException if the result is all zero
     */
    public byte[] agree(AgreementPublicKey other) {
        requireAlive();
        byte[] shared = X25519.multiply(privateKey, other.bytes());
        int any = 0;
        for (byte b : shared) {
            any |= b;
        }
        Require.that(any != 0, "agreement with " + other, "zero", "non-zero: the key has small order");
        return shared;
    }

    private void requireAlive() {
        if (destroyed) {
            throw new IllegalStateException("the agreement key " + publicKey + " has been destroyed");
        }
    }

    @Override
    public void destroy() {
        destroyed = true;
        Arrays.fill(privateKey, (byte) 0);
    }

    @Override
    public boolean isDestroyed() {
        return destroyed;
    }

    @Override
    public String toString() {
        return "agreement key " + publicKey;
    }
}
