package dev.sotto.secagg;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The AES-256-CTR key stream of a seed as a source of pseudo-random bytes, read from its start. */
final class KeyStream {
    private final Cipher cipher;

    KeyStream(MaskSeed seed) {
        byte[] key = seed.bytes();
        try {
            cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(new byte[16]));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-CTR is missing from this JDK", e);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    byte[] next(int bytes) {
        // CTR is a stream: as many bytes come out as go in. Zero bytes in would give null.
        return bytes == 0 ? new byte[0] : cipher.update(new byte[bytes]);
    }
}
