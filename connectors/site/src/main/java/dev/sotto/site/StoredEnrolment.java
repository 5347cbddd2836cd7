package dev.sotto.site;

/**
 * An enrolment as it was stored before it was sent.
 *
 * @param encryptionKey the private encryption key, 32 bytes; the owner erases it
 * @param message the signed record
 */
record StoredEnrolment(byte[] encryptionKey, byte[] message) {
    @Override
    public String toString() {
        return "stored enrolment";
    }
}
