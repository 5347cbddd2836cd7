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
 * The fixed DER wrapping of one curve of RFC 8410, which turns 32 raw bytes into keys of the JDK and back. A raw key of
 * these curves always has the same length, so the prefix is a constant and no ASN.1 is parsed.
 */
enum RawKeys {
    ED25519("Ed25519", "302a300506032b6570032100", "302e020100300506032b657004220420"),
    X25519("X25519", "302a300506032b656e032100", "302e020100300506032b656e04220420");

    static final int LENGTH = 32;

    private final String algorithm;
    private final byte[] publicPrefix;
    private final byte[] privatePrefix;

    RawKeys(String algorithm, String publicPrefix, String privatePrefix) {
        this.algorithm = algorithm;
        this.publicPrefix = HexFormat.of().parseHex(publicPrefix);
        this.privatePrefix = HexFormat.of().parseHex(privatePrefix);
    }

    PublicKey publicKey(byte[] raw) throws GeneralSecurityException {
        return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(concat(publicPrefix, raw)));
    }

    PrivateKey privateKey(byte[] raw) throws GeneralSecurityException {
        byte[] der = pkcs8(raw);
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
        } finally {
            Arrays.fill(der, (byte) 0);
        }
    }

    byte[] pkcs8(byte[] raw) {
        return concat(privatePrefix, raw);
    }

    /** Returns the raw private key of a PKCS#8 encoding. */
    byte[] fromPkcs8(byte[] der) {
        boolean wellFormed = der.length == privatePrefix.length + LENGTH
                && Arrays.equals(der, 0, privatePrefix.length, privatePrefix, 0, privatePrefix.length);
        if (!wellFormed) {
            throw new IllegalArgumentException("private key of " + der.length + " bytes is not the " + algorithm
                    + " key of " + (privatePrefix.length + LENGTH)
                    + " bytes that RFC 8410 describes (PKCS#8, without attributes)");
        }
        return Arrays.copyOfRange(der, privatePrefix.length, der.length);
    }

    /** Returns the raw public key of one of the JDK's. */
    byte[] raw(PublicKey key) {
        byte[] der = key.getEncoded();
        return Arrays.copyOfRange(der, publicPrefix.length, der.length);
    }

    private static byte[] concat(byte[] prefix, byte[] raw) {
        byte[] der = Arrays.copyOf(prefix, prefix.length + raw.length);
        System.arraycopy(raw, 0, der, prefix.length, raw.length);
        return der;
    }
}
