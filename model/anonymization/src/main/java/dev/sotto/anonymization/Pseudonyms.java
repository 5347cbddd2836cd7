package dev.sotto.anonymization;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Keyed pseudonyms: HMAC-SHA256 written in the letters k to z. Thread-safe. */
final class Pseudonyms {
    static final int SHORTEST_KEY = 16;

    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    Pseudonyms(byte[] key) {
        if (key.length < SHORTEST_KEY) {
            throw new IllegalArgumentException(
                    "the hash key has %d bytes but needs at least %d random ones".formatted(key.length, SHORTEST_KEY));
        }
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /** The pseudonym of a value, {@code length} letters. */
    String of(EntityType type, String canonical, int length) {
        byte[] digest = digest(type.name() + '\0' + canonical);
        StringBuilder letters = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            int nibble = i % 2 == 0 ? (digest[i / 2] >> 4) & 0xF : digest[i / 2] & 0xF;
            letters.append((char) ('k' + nibble));
        }
        return letters.toString();
    }

    private byte[] digest(String value) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(value.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(ALGORITHM + " is missing from this Java runtime; use a complete one", e);
        }
    }
}
