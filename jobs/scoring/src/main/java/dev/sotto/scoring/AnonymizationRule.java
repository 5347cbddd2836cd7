package dev.sotto.scoring;

import dev.sotto.anonymization.Policy;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * How text is anonymized. The key itself never travels: only the name of the file that every task manager reads it from.
 *
 * @param policy the policy's YAML; empty for the built-in one
 * @param keyFile a file of {@value #KEY_BYTES} bytes or more
 */
public record AnonymizationRule(String policy, String keyFile) implements Serializable {
    private static final int KEY_BYTES = 32;

    /**
     * The policy.
     *
     * @throws dev.sotto.anonymization.PolicyException if the YAML is refused
     */
    Policy readPolicy() {
        return policy.isEmpty() ? Policy.defaults() : Policy.parse(policy, ScoringOptions.POLICY.key());
    }

    /**
     * Reads the key; whoever takes it overwrites it after use.
     *
     * @throws IOException if the file cannot be read or is too short
     */
    byte[] readKey() throws IOException {
        byte[] key = Files.readAllBytes(Path.of(keyFile));
        if (key.length < KEY_BYTES) {
            int length = key.length;
            Arrays.fill(key, (byte) 0);
            throw new IOException("%s (%s) has %d bytes but must have at least %d; write random bytes into it"
                    .formatted(keyFile, ScoringOptions.HASH_KEY.key(), length, KEY_BYTES));
        }
        return key;
    }

    @Override
    public String toString() {
        return "AnonymizationRule[keyFile=" + keyFile + ", " + (policy.isEmpty() ? "built-in policy]" : "own policy]");
    }
}
