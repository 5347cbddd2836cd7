package dev.sotto.aggregation;

import dev.sotto.contracts.EnvelopeSigner;
import dev.sotto.federation.Trust;
import dev.sotto.secagg.IdentityKeyPair;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;

/**
 * The job's identity from a file mounted wherever operators run: one line, the base64 of a private key in PKCS#8.
 *
 * @param file the file's path
 */
record MountedSigner(String file) implements Opener<EnvelopeSigner> {
    @Override
    public EnvelopeSigner open() throws IOException {
        byte[] text = Files.readAllBytes(Path.of(file));
        byte[] key = {};
        try {
            key = Base64.getDecoder().decode(new String(text, StandardCharsets.US_ASCII).strip());
            return new EnvelopeSigner(Trust.AGGREGATION, IdentityKeyPair.fromPkcs8(key));
        } catch (IllegalArgumentException e) {
            // The cause's message may quote the key.
            throw new IOException("%s is not one line of base64 of a PKCS#8 Ed25519 key; write it with 'keys generate'"
                    .formatted(file));
        } finally {
            Arrays.fill(text, (byte) 0);
            Arrays.fill(key, (byte) 0);
        }
    }
}
