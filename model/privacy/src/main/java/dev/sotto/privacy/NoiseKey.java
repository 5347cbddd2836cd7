package dev.sotto.privacy;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * The 256-bit key of the noise on one slice of one release: HMAC-SHA256 of everything that names it, under the secret.
 *
 * <p>The message is length-prefixed: domain, task, round, mechanism, parameters, number of survivors, each survivor, chunk, SHA-256
 * of the exact sum. A replay of the same release gives the same key and so the same noise, hence nothing to average; any other
 * input, the sum included, gives a key that is independent to whoever lacks the secret. Not thread-safe.
 */
public final class NoiseKey implements AutoCloseable {
    private static final String DOMAIN = "sotto/noise/v1";
    private static final String COUNTS_DOMAIN = "sotto/count-noise/v1";
    private static final int LENGTH = 32;

    private final byte[] key;
    private boolean destroyed;

    private NoiseKey(byte[] key) {
        this.key = key;
    }

    /**
     * Derives the key.
     *
     * @param noise the mechanism and its parameters
     * @param exactSum the slice before noise, entries mod 2^32
     */
    public static NoiseKey derive(NoiseSecret secret, NoiseContext context, IntegerNoise noise, int[] exactSum) {
        LengthPrefixed message = new LengthPrefixed(DOMAIN)
                .text(context.task())
                .number(context.round())
                .text(noise.mechanism())
                .text(noise.parameters())
                .number(context.survivors().size());
        context.survivors().forEach(message::text);
        message.number(context.chunk()).bytes(Digest.sha256(exactSum).bytes());
        return new NoiseKey(secret.hmac(message.toByteArray()));
    }

    /**
     * Derives the key of the noise on counts.
     *
     * @param counts before noise
     */
    static NoiseKey derive(NoiseSecret secret, CountContext context, IntegerNoise noise, long[] counts) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(counts.length, Long.BYTES));
        bytes.asLongBuffer().put(counts);
        LengthPrefixed message = new LengthPrefixed(COUNTS_DOMAIN)
                .text(context.release())
                .bytes(ByteBuffer.allocate(Long.BYTES).putLong(context.window()).array())
                .text(context.key())
                .text(noise.mechanism())
                .text(noise.parameters())
                .bytes(Digest.sha256(bytes.array()).bytes());
        Arrays.fill(bytes.array(), (byte) 0);
        return new NoiseKey(secret.hmac(message.toByteArray()));
    }

    /**
     * A key that nobody else knows and nobody can derive again: for noise that a site adds to its own vector.
     *
     * @param random cryptographic; 32 bytes are taken
     */
    public static NoiseKey fresh(SecureRandom random) {
        byte[] key = new byte[LENGTH];
        random.nextBytes(key);
        return new NoiseKey(key);
    }

    /**
     * The key whose bytes were derived elsewhere: for noise that its maker may have to tell, so that others can take it off again.
     *
     * @param bytes 32, from a cryptographic secret and for this noise alone; copied
     */
    public static NoiseKey of(byte[] bytes) {
        Preconditions.between("length of a noise key in bytes", bytes.length, LENGTH, LENGTH);
        return new NoiseKey(bytes.clone());
    }

    /** A fresh stream of this key's words, from the first one on. */
    public RandomWords words() {
        if (destroyed) {
            throw new IllegalStateException("the noise key was destroyed: derive it again");
        }
        return new KeyStreamWords(key);
    }

    /** Zeroes the key. */
    @Override
    public void close() {
        destroyed = true;
        Arrays.fill(key, (byte) 0);
    }

    @Override
    public String toString() {
        return "NoiseKey[redacted]";
    }
}
