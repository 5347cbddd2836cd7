package dev.sotto.federation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.sotto.secagg.IdentityKeyPair;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model version as its files: the adapter's weights in safetensors, the manifest that describes them, and the signature of its
 * publisher over the manifest. Immutable.
 */
public final class Checkpoint {
    /** The name of the weights' file inside a checkpoint's directory. */
    public static final String WEIGHTS = "adapter.safetensors";

    /** The name of the manifest's file inside a checkpoint's directory. */
    public static final String MANIFEST = "manifest.json";

    /** The name of the file with the publisher's signature over the manifest's file. */
    public static final String SIGNATURE = "manifest.sig";

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private final ModelManifest manifest;
    private final byte[] manifestFile;
    private final byte[] weights;
    private final @Nullable ManifestSignature signature;

    private Checkpoint(
            ModelManifest manifest, byte[] manifestFile, byte[] weights, @Nullable ManifestSignature signature) {
        this.manifest = manifest;
        this.manifestFile = manifestFile;
        this.weights = weights;
        this.signature = signature;
    }

    /** The starting point of a task: version 0, from a seed. */
    public static Checkpoint initial(TaskDefinition task, long seed) {
        return create(task, 0, 0, "", 0, 0, 0, InitialModel.vector(task.layout(), seed));
    }

    /**
     * The starting point of a task: version 0, with the weights of a model of the same shape. What that model's training spent of
     * others' budgets is not this task's to account for.
     *
     * @throws ConfigurationException if the model is of another base or design
     * @throws IOException if its weights cannot be read
     */
    public static Checkpoint initial(TaskDefinition task, Checkpoint from) throws IOException {
        ModelManifest other = from.manifest();
        Check.require(
                other.base().equals(task.base()),
                "the base of the model to start from",
                other.base(),
                "the task's, " + task.base());
        Check.require(
                other.toDesign().equals(task.design()),
                "the design of the model to start from",
                other.toDesign(),
                "the task's, " + task.design());
        return create(task, 0, 0, "", 0, 0, 0, from.vector());
    }

    /** A version made by a round. */
    public static Checkpoint create(
            TaskDefinition task,
            int version,
            int round,
            String parent,
            int survivors,
            double rho,
            double epsilon,
            float[] vector) {
        byte[] weights = Safetensors.write(task.layout(), vector);
        ModelManifest manifest = new ModelManifest(
                task.task(),
                version,
                round,
                task.base(),
                task.columns(),
                task.adapter(),
                task.heads(),
                task.statistics(),
                task.maxTokens(),
                HexFormat.of().formatHex(sha256(weights)),
                parent,
                survivors,
                rho,
                epsilon,
                task.privacy().delta(),
                version == 0 ? PrivacyUnit.NONE : PrivacyUnit.of(task));
        return new Checkpoint(manifest, json(manifest), weights, null);
    }

    /**
     * Reads a checkpoint from its files and checks one against the other. Nobody has vouched for it: that is for whoever holds a
     * trusted hash of the weights, or checks the signature.
     *
     * @param signatureFile the publisher's signature; null if there is none
     * @throws IOException if the manifest or the signature is not one, or the weights are not the manifest's
     */
    public static Checkpoint read(byte[] manifestFile, byte[] weights, byte @Nullable [] signatureFile)
            throws IOException {
        ModelManifest manifest = JSON.readValue(manifestFile, ModelManifest.class);
        String actual = HexFormat.of().formatHex(sha256(weights));
        if (!actual.equals(manifest.sha256())) {
            throw new IOException("the weights' sha256 is %s but the manifest of %s version %d says %s"
                    .formatted(actual, manifest.task(), manifest.version(), manifest.sha256()));
        }
        return new Checkpoint(
                manifest,
                manifestFile.clone(),
                weights.clone(),
                signatureFile == null ? null : ManifestSignature.read(signatureFile));
    }

    /** The same checkpoint with its publisher's signature; the same key gives the same bytes. */
    public Checkpoint signedBy(String signer, IdentityKeyPair identity) {
        return new Checkpoint(manifest, manifestFile, weights, ManifestSignature.sign(signer, identity, manifestFile));
    }

    public ModelManifest manifest() {
        return manifest;
    }

    /** The SHA-256 of the weights' file: the hash that is announced, masked under and checked. */
    public byte[] sha256() {
        return HexFormat.of().parseHex(manifest.sha256());
    }

    /** The weights' file. */
    public byte[] weightsFile() {
        return weights.clone();
    }

    /** The manifest's file, as it was read or as it is to be written. */
    public byte[] manifestFile() {
        return manifestFile.clone();
    }

    /** The publisher's signature over the manifest's file, if it was signed; checked by {@link #objection}. */
    public Optional<ManifestSignature> signature() {
        return Optional.ofNullable(signature);
    }

    /** Why its publisher did not sign it, if that is so: version 0 is the operator's to sign, every other aggregation's. */
    public Optional<String> objection(Trust trust) {
        return signature()
                .map(known -> known.objection(trust, manifest.version(), manifestFile))
                .orElseGet(() -> Optional.of(
                        "it has no %s: an older release wrote it, or somebody took it away".formatted(SIGNATURE)));
    }

    /** The signature's file, if it was signed. */
    public Optional<byte[]> signatureFile() {
        return signature().map(ManifestSignature::file);
    }

    /**
     * Refuses to take this checkpoint for the one that a store has under its version, unless it is that one.
     *
     * @param location where the other lies
     * @throws FileAlreadyExistsException if it is another
     */
    public void requireSame(Checkpoint stored, URI location) throws FileAlreadyExistsException {
        if (!manifest.agrees(stored.manifest)) {
            throw new FileAlreadyExistsException(
                    location.toString(),
                    null,
                    "this version exists with sha256 %s of round %d, and %s of round %d was to be stored; a version is never overwritten"
                            .formatted(
                                    stored.manifest.sha256(),
                                    stored.manifest.round(),
                                    manifest.sha256(),
                                    manifest.round()));
        }
    }

    /** Whether a store that has this very manifest unsigned, from an older release, may be given this signature. */
    public boolean completes(Checkpoint stored) {
        return signature != null && stored.signature == null && Arrays.equals(manifestFile, stored.manifestFile);
    }

    private static byte[] json(ModelManifest manifest) {
        try {
            return (JSON.writeValueAsString(manifest) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a manifest is always JSON", e);
        }
    }

    /** The flat parameter vector. */
    public float[] vector() throws IOException {
        return Safetensors.read(manifest.toLayout(), weights);
    }

    /** The directory of a version below a store's root, as path segments. */
    public List<String> path() {
        return List.of(manifest.task(), "v%06d".formatted(manifest.version()));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
