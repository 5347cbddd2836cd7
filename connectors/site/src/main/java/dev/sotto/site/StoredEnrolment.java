package dev.sotto.site;

import java.util.Arrays;

/**
 * An enrolment as it was stored before it was sent.
 *
 * @param encryptionKey the private encryption key, 32 bytes; the owner erases it
 * @param nonce what the enrolment's beacon commitment opens to, 32 bytes; a secret until it is revealed
 * @param message the signed record
 */
record StoredEnrolment(byte[] encryptionKey, byte[] nonce, byte[] message) {
    private static final int PART = 32;

    static StoredEnrolment read(byte[] stored) {
        if (stored.length < 2 * PART) {
            throw new JournalException("the stored enrolment cannot be read; restore the state directory");
        }
        return new StoredEnrolment(
                Arrays.copyOf(stored, PART),
                Arrays.copyOfRange(stored, PART, 2 * PART),
                Arrays.copyOfRange(stored, 2 * PART, stored.length));
    }

    /** The stored form; the caller erases it. */
    byte[] bytes() {
        byte[] all = Arrays.copyOf(encryptionKey, 2 * PART + message.length);
        System.arraycopy(nonce, 0, all, PART, PART);
        System.arraycopy(message, 0, all, 2 * PART, message.length);
        return all;
    }

    /** Erases the secrets from memory. */
    void destroy() {
        Arrays.fill(encryptionKey, (byte) 0);
        Arrays.fill(nonce, (byte) 0);
    }

    @Override
    public String toString() {
        return "stored enrolment";
    }
}
