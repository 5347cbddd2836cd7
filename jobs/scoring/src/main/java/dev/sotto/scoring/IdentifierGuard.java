package dev.sotto.scoring;

import dev.sotto.anonymization.Anonymizer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keeps personal data out of identifiers, which upstream systems like to make of e-mail addresses and telephone numbers.
 * An identifier without any passes as it is; one with some becomes a keyed hash, the same for the same identifier, so that
 * it goes on identifying. Not thread-safe.
 */
final class IdentifierGuard {
    private static final String ALGORITHM = "HmacSHA256";
    private static final String DOMAIN = "sotto/identifier/v1\0";
    private static final String PREFIX = "anon-";
    private static final int BYTES = 16;

    private final Anonymizer anonymizer;
    private final Mac mac;

    /**
     * A guard.
     *
     * @param key at least 32 random bytes, copied
     */
    IdentifierGuard(Anonymizer anonymizer, byte[] key) {
        this.anonymizer = anonymizer;
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    /** The identifier, or its pseudonym if there is personal data in it. */
    String guard(String identifier) {
        if (anonymizer.anonymize(identifier).entities().isEmpty()) {
            return identifier;
        }
        byte[] hash = mac.doFinal((DOMAIN + identifier).getBytes(StandardCharsets.UTF_8));
        return PREFIX + HexFormat.of().formatHex(hash, 0, BYTES);
    }
}
