package dev.sotto.secagg;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HKDF with HMAC-SHA-256 (RFC 5869): the one way in which keys are derived here. */
public final class Hkdf {
    private static final String HMAC = "HmacSHA256";
    private static final int HASH_BYTES = 32;
    private static final int MAX_LENGTH = 255 * HASH_BYTES;

    private Hkdf() {}

    /**
     * Derives {@code length} bytes from the key material {@code ikm}.
     *
     * @param salt may be empty
     * @param info what the key is for
     * @param length 1 to 8160
     * @throws IllegalArgumentException if the length is out of range
     */
    public static byte[] sha256(byte[] ikm, byte[] salt, byte[] info, int length) {
        Require.that(length >= 1 && length <= MAX_LENGTH, "derived length", length, "1 to " + MAX_LENGTH + " bytes");
        // HMAC pads a key with zeros, so 32 zeros are the empty salt of the RFC; the JDK refuses an empty key.
        byte[] extracted = mac(salt.length == 0 ? new byte[HASH_BYTES] : salt).doFinal(ikm);
        Mac expand = mac(extracted);
        Arrays.fill(extracted, (byte) 0);
        byte[] out = new byte[length];
        byte[] block = new byte[0];
        int done = 0;
        for (int i = 1; done < length; i++) {
            expand.update(block);
            expand.update(info);
            expand.update((byte) i);
            Arrays.fill(block, (byte) 0);
            block = expand.doFinal();
            int n = Math.min(HASH_BYTES, length - done);
            System.arraycopy(block, 0, out, done, n);
            done += n;
        }
        Arrays.fill(block, (byte) 0);
        return out;
    }

    private static Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(HMAC + " is missing from this JDK", e);
        }
    }
}
