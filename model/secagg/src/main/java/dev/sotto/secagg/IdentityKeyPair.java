package dev.sotto.secagg;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;

/** A participant's long-term Ed25519 identity (RFC 8032). Immutable and thread-safe; prints only its public half. */
public final class IdentityKeyPair {
    private final PrivateKey privateKey;
    private final IdentityPublicKey publicKey;

    private IdentityKeyPair(PrivateKey privateKey, IdentityPublicKey publicKey) {
        this.privateKey = privateKey;
        this.publicKey = publicKey;
    }

    /** Draws a new identity. */
    public static IdentityKeyPair generate(SecureRandom random) {
        byte[] seed = new byte[RawKeys.LENGTH];
        random.nextBytes(seed);
        try {
            return ofSeed(seed);
        } finally {
            Arrays.fill(seed, (byte) 0);
        }
    }

    /**
     * Reads a private key in PKCS#8 as RFC 8410 describes it (48 bytes), which is what {@link #pkcs8()} and
     * {@code openssl genpkey -algorithm ed25519 -outform DER} write.
     *
     * @throws IllegalArgumentException if the bytes are anything else
     */
    public static IdentityKeyPair fromPkcs8(byte[] der) {
        byte[] seed = RawKeys.fromPkcs8(der);
        try {
            return ofSeed(seed);
        } finally {
            Arrays.fill(seed, (byte) 0);
        }
    }

    private static IdentityKeyPair ofSeed(byte[] seed) {
        try {
            // The JDK offers no way from a private to its public key except to generate the pair from the same seed.
            KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
            generator.initialize(NamedParameterSpec.ED25519, new FixedRandom(seed));
            IdentityPublicKey publicKey =
                    IdentityPublicKey.of(RawKeys.raw(generator.generateKeyPair().getPublic()));
            IdentityKeyPair pair = new IdentityKeyPair(RawKeys.privateKey(seed), publicKey);
            byte[] probe = new byte[0];
            if (!publicKey.verify("sotto/probe", probe, pair.sign("sotto/probe", probe))) {
                throw new IllegalStateException("the security provider derived a public key that does not verify its "
                        + "own private key's signatures; run on a JDK with the SunEC provider");
            }
            return pair;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Ed25519 is missing; run on a JDK with the SunEC provider", e);
        }
    }

    /** The private key in PKCS#8: a secret that the caller stores and erases. */
    public byte[] pkcs8() {
        return privateKey.getEncoded();
    }

    /** The public half, for allow-lists. */
    public IdentityPublicKey publicKey() {
        return publicKey;
    }

    /** Signs {@code domain 0x00 message}; returns 64 bytes. The domain keeps a signature from counting elsewhere. */
    public byte[] sign(String domain, byte[] message) {
        try {
            Signature signer = Signature.getInstance("Ed25519");
            signer.initSign(privateKey);
            signer.update(SignedBytes.of(domain, message));
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Ed25519 signing failed", e);
        }
    }

    @Override
    public String toString() {
        return "identity " + publicKey;
    }
}
