package dev.sotto.federation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** A model version as its two files: the adapter's weights in safetensors and the manifest that describes them. */
public final class Checkpoint {
    /** The name of the weights' file inside a checkpoint's directory. */
    public static final String WEIGHTS = "adapter.safetensors";

    /** The name of the manifest's file inside a checkpoint's directory. */
    public static final String MANIFEST = "manifest.json";

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private final ModelManifest manifest;
    private final byte[] weights;

    private Checkpoint(ModelManifest manifest, byte[] weights) {
        this.manifest = manifest;
        this.weights = weights;
    }

    /** The starting point of a task: version 0, from a seed. */
    public static Checkpoint initial(TaskDefinition task, long seed) {
        return create(task, 0, 0, "", 0, 0, 0, InitialModel.vector(task.layout(), seed));
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
                task.privacy().delta());
        return new Checkpoint(manifest, weights);
    }

    /**
     * Reads a checkpoint from its files and checks one against the other.
     *
     * @throws IOException if the manifest is not one, or the weights are not the manifest's
     */
    public static Checkpoint read(byte[] manifestFile, byte[] weights) throws IOException {
        ModelManifest manifest = JSON.readValue(manifestFile, ModelManifest.class);
        String actual = HexFormat.of().formatHex(sha256(weights));
        if (!actual.equals(manifest.sha256())) {
            throw new IOException("the weights' sha256 is %s but the manifest of %s version %d says %s"
                    .formatted(actual, manifest.task(), manifest.version(), manifest.sha256()));
        }
        return new Checkpoint(manifest, weights.clone());
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

    /** The manifest's file. */
    public byte[] manifestFile() {
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
