package dev.sotto.federation;

import dev.sotto.secagg.RoundId;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A rotation that spreads a vector evenly over its coordinates: random signs, then the Walsh-Hadamard transform over the root of the
 * dimension. It keeps the L2 norm, so it costs no privacy, and makes every coordinate of a sum about equally large, so that
 * the ring need not hold the worst case in one of them (Kairouz, Liu, Steinke 2021, "The Distributed Discrete Gaussian Mechanism", section 4).
 *
 * <p>The signs are public: bit i is that of the key stream of AES-256 in counter mode from zero, big-endian words, lowest bit first, under the SHA-256 of a
 * domain, the task, the round, the chunk and the dimension. Immutable and thread-safe; rotating does not allocate.
 */
public final class RandomizedHadamard {
    private static final String DOMAIN = "sotto/rotation/v1";
    private static final int MOST = 1 << 17;
    /** Cipher input comes in slices of at most this, which is what the intrinsic is fast for. */
    private static final int SLICE = 1 << 13;

    private final int dimension;
    private final double unit;
    private final long[] signs;

    private RandomizedHadamard(int dimension, long[] signs) {
        this.dimension = dimension;
        this.unit = 1 / Math.sqrt(dimension);
        this.signs = signs;
    }

    /**
     * The rotation of one chunk in one round.
     *
     * @param dimension a power of two, 1 to 2^17
     * @throws ConfigurationException if it is none
     */
    public static RandomizedHadamard of(RoundId round, int chunk, int dimension) {
        Check.require(
                dimension >= 1 && dimension <= MOST && Integer.bitCount(dimension) == 1,
                "dimension of a rotation",
                dimension,
                "a power of two up to " + MOST + "; pad with zeros");
        return new RandomizedHadamard(dimension, signs(key(round, chunk, dimension), dimension));
    }

    private static byte[] key(RoundId round, int chunk, int dimension) {
        // Neither the domain nor an id has a zero byte or a slash, so no two rotations have one text.
        String text = DOMAIN + '\0' + round + '/' + chunk + '/' + dimension;
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static long[] signs(byte[] key, int dimension) {
        long[] signs = new long[(dimension + Long.SIZE - 1) / Long.SIZE];
        byte[] bytes = new byte[signs.length * Long.BYTES];
        try {
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(new byte[16]));
            for (int from = 0; from < bytes.length; from += SLICE) {
                cipher.update(bytes, from, Math.min(SLICE, bytes.length - from), bytes, from);
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES/CTR", e);
        }
        LongBuffer words = ByteBuffer.wrap(bytes).asLongBuffer();
        words.get(signs);
        return signs;
    }

    /** The number of entries rotated. */
    public int dimension() {
        return dimension;
    }

    /** Rotates {@code vector[from .. from + dimension]} in place. */
    public void rotate(double[] vector, int from) {
        flip(vector, from);
        transform(vector, from);
    }

    /** Undoes {@link #rotate}, up to rounding of the last bits. */
    public void restore(double[] vector, int from) {
        transform(vector, from);
        flip(vector, from);
    }

    private void flip(double[] vector, int from) {
        for (int i = 0; i < dimension; i++) {
            if ((signs[i >> 6] >>> i & 1) != 0) {
                vector[from + i] = -vector[from + i];
            }
        }
    }

    private void transform(double[] vector, int from) {
        for (int half = 1; half < dimension; half *= 2) {
            for (int block = from; block < from + dimension; block += 2 * half) {
                for (int i = block; i < block + half; i++) {
                    double a = vector[i];
                    double b = vector[i + half];
                    vector[i] = a + b;
                    vector[i + half] = a - b;
                }
            }
        }
        for (int i = from; i < from + dimension; i++) {
            vector[i] *= unit;
        }
    }
}
