package dev.sotto.privacy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret from which the noise of every release is derived: at least 32 random bytes from a mounted file.
 *
 * <p>Whoever knows it can subtract the noise, so it never goes into a topic, into state or into a log. Thread-safe until it is
 * destroyed.
 */
public final class NoiseSecret implements AutoCloseable {
    /** The least length in bytes. */
    public static final int MIN_LENGTH = 32;

    private static final int MAX_LENGTH = 4096;

    private final byte[] value;
    private volatile boolean destroyed;

    private NoiseSecret(byte[] value) {
        this.value = value;
    }

    /** Wraps a copy of the bytes; the caller keeps, and should zero, its own. */
    public static NoiseSecret of(byte[] value) {
        Preconditions.between("length of the noise secret in bytes", value.length, MIN_LENGTH, MAX_LENGTH);
        return new NoiseSecret(value.clone());
    }

    /**
     * Reads the whole file as raw bytes.
     *
     * @throws IOException when it cannot be read
     * @throws IllegalArgumentException when it is shorter than 32 bytes, or is one byte repeated
     */
    public static NoiseSecret read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        try {
            if (bytes.length < MIN_LENGTH || bytes.length > MAX_LENGTH) {
                throw new IllegalArgumentException(
                        "noise secret " + file + " must have " + MIN_LENGTH + " to " + MAX_LENGTH + " bytes, has "
                                + bytes.length + ": write 32 bytes from a cryptographic generator");
            }
            if (isOneByteRepeated(bytes)) {
                throw new IllegalArgumentException("noise secret " + file
                        + " is one byte repeated: write 32 bytes from a cryptographic generator");
            }
            return new NoiseSecret(bytes.clone());
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static boolean isOneByteRepeated(byte[] bytes) {
        for (byte b : bytes) {
            if (b != bytes[0]) {
                return false;
            }
        }
        return true;
    }

    /** HMAC-SHA256 of a message under this secret: 32 bytes. */
    byte[] hmac(byte[] message) {
        if (destroyed) {
            throw new IllegalStateException("the noise secret was destroyed: load it again");
        }
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(value, "HmacSHA256"));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    /** Zeroes the bytes; any later use fails. */
    public void destroy() {
        destroyed = true;
        Arrays.fill(value, (byte) 0);
    }

    /** The same as {@link #destroy()}. */
    @Override
    public void close() {
        destroy();
    }

    @Override
    public String toString() {
        return "NoiseSecret[redacted]";
    }
}
