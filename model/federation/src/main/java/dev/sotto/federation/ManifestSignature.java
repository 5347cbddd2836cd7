package dev.sotto.federation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sotto.secagg.IdentityKeyPair;
import dev.sotto.secagg.IdentityPublicKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A publisher's Ed25519 signature over the bytes of a manifest's file, in a file beside it. The manifest holds the hash of the
 * weights and that of the parent, so that the signature covers both. It draws nothing: a replay writes the same bytes. Immutable.
 *
 * @param signer the publisher's name in the trust file
 * @param signature 64 bytes
 */
public record ManifestSignature(String signer, byte[] signature) {
    private static final String DOMAIN = "sotto/model-manifest/v1";
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

    public ManifestSignature {
        signature = signature.clone();
    }

    @Override
    public byte[] signature() {
        return signature.clone();
    }

    /** Signs a manifest's file under a name. */
    static ManifestSignature sign(String signer, IdentityKeyPair identity, byte[] manifestFile) {
        return new ManifestSignature(signer, identity.sign(DOMAIN, manifestFile));
    }

    /** @throws IOException if the file is no signature */
    static ManifestSignature read(byte[] file) throws IOException {
        ManifestSignature read;
        try {
            read = JSON.readValue(file, ManifestSignature.class);
        } catch (JsonProcessingException e) {
            throw new IOException(
                    "%s is not a JSON object of signer and signature; restore it from a backup"
                            .formatted(Checkpoint.SIGNATURE),
                    e);
        }
        return read;
    }

    /** The signature's file: JSON with the signature in base64. */
    byte[] file() {
        try {
            return (JSON.writeValueAsString(this) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a signature is always JSON", e);
        }
    }

    /**
     * Why a manifest is not its publisher's, if it is not: version 0 is the operator's to sign, every other aggregation's.
     *
     * @param version the manifest's version
     */
    Optional<String> objection(Trust trust, int version, byte[] manifestFile) {
        String publisher = version == 0 ? Trust.OPERATOR : Trust.AGGREGATION;
        if (!signer.equals(publisher)) {
            return Optional.of(
                    "it is signed as '%s' but version %d is %s's to sign".formatted(signer, version, publisher));
        }
        Optional<IdentityPublicKey> key = trust.server(publisher);
        if (key.isEmpty()) {
            return Optional.of("the trust file has no key 'servers.%s' to check its signature by".formatted(publisher));
        }
        return key.get().verify(DOMAIN, manifestFile, signature)
                ? Optional.empty()
                : Optional.of("the signature of its manifest does not hold under the trusted key of " + publisher);
    }
}
