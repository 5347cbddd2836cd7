package dev.sotto.site;

import dev.sotto.federation.ConfigurationException;
import dev.sotto.secagg.IdentityKeyPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;

/** The file that holds a site's private identity key: base64 of PKCS#8, on any number of lines. */
final class IdentityFile {
    private static final int MAX_BYTES = 1024;

    private IdentityFile() {}

    /**
     * Reads the key.
     *
     * @throws ConfigurationException if the file cannot be read or holds something else; never quoting it
     */
    static IdentityKeyPair read(Path file) {
        byte[] text = new byte[0];
        byte[] der = new byte[0];
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new ConfigurationException(
                        "identity %s has %d bytes; a key has at most %d".formatted(file, Files.size(file), MAX_BYTES));
            }
            text = Files.readAllBytes(file);
            der = Base64.getMimeDecoder().decode(text);
            return IdentityKeyPair.fromPkcs8(der);
        } catch (IOException e) {
            throw new ConfigurationException("cannot read identity %s: %s".formatted(file, e), e);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(
                    "identity %s is not the base64 of an Ed25519 key in PKCS#8; write one with 'openssl genpkey -algorithm ed25519 -outform DER | base64'"
                            .formatted(file));
        } finally {
            Arrays.fill(text, (byte) 0);
            Arrays.fill(der, (byte) 0);
        }
    }
}
