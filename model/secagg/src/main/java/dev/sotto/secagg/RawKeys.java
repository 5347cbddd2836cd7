package dev.sotto.secagg;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The fixed DER wrapping of Ed25519 keys (RFC 8410), which turns 32 raw bytes into keys of the JDK and back. A raw key of
 * this curve always has the same length, so the prefix is a constant and no ASN.1 is parsed.
 */
final class RawKeys {
    static final int LENGTH = 32;

    private static final String ALGORITHM = "Ed25519";
    private static final byte[] PUBLIC_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");
    private static final byte[] PRIVATE_PREFIX = HexFormat.of().parseHex("302e020100300506032b657004220420");

    private RawKeys() {}

    static PublicKey publicKey(byte[] raw) throws GeneralSecurityException {
        return KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(concat(PUBLIC_PREFIX, raw)));
    }

    static PrivateKey privateKey(byte[] raw) throws GeneralSecurityException {
        byte[] der = pkcs8(raw);
        try {
            return KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(der));
        } finally {
            Arrays.fill(der, (byte) 0);
        }
    }

    static byte[] pkcs8(byte[] raw) {
        return concat(PRIVATE_PREFIX, raw);
    }

    /** Returns the raw private key of a PKCS#8 encoding. */
    static byte[] fromPkcs8(byte[] der) {
        boolean wellFormed = der.length == PRIVATE_PREFIX.length + LENGTH
                && Arrays.equals(der, 0, PRIVATE_PREFIX.length, PRIVATE_PREFIX, 0, PRIVATE_PREFIX.length);
        if (!wellFormed) {
            throw new IllegalArgumentException("private key of " + der.length + " bytes is not the " + ALGORITHM
                    + " key of " + (PRIVATE_PREFIX.length + LENGTH)
                    + " bytes that RFC 8410 describes (PKCS#8, without attributes)");
        }
        return Arrays.copyOfRange(der, PRIVATE_PREFIX.length, der.length);
    }

    /** Returns the raw public key of one of the JDK's. */
    static byte[] raw(PublicKey key) {
        byte[] der = key.getEncoded();
        return Arrays.copyOfRange(der, PUBLIC_PREFIX.length, der.length);
    }

    private static byte[] concat(byte[] prefix, byte[] raw) {
        byte[] der = Arrays.copyOf(prefix, prefix.length + raw.length);
        System.arraycopy(raw, 0, der, prefix.length, raw.length);
        return der;
    }
}
