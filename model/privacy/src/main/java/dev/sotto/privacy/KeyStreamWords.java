package dev.sotto.privacy;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key stream of AES-256 in counter mode as big-endian words.
 *
 * <p>The initial counter is zero: a key is derived for one slice of one release and never used for anything else.
 */
final class KeyStreamWords implements RandomWords {
    private static final int BUFFER = 8192;
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final Cipher cipher;
    private final byte[] zeros = new byte[BUFFER];
    private final byte[] stream = new byte[BUFFER];
    private int next = BUFFER;

    KeyStreamWords(byte[] key) {
        Preconditions.between("length of an AES-256 key in bytes", key.length, 32, 32);
        try {
            cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(new byte[16]));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES/CTR", e);
        }
    }

    @Override
    public long nextLong() {
        if (next == BUFFER) {
            refill();
        }
        long word = (long) WORDS.get(stream, next);
        next += Long.BYTES;
        return word;
    }

    private void refill() {
        try {
            cipher.update(zeros, 0, BUFFER, stream, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES/CTR refused a full buffer", e);
        }
        next = 0;
    }
}
