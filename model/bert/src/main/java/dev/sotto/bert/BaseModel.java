package dev.sotto.bert;

import dev.sotto.federation.BaseShape;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * A pre-trained BERT encoder with its tokenizer: weights in torch layout under Hugging Face names, loaded from the class
 * path. Immutable and thread-safe; it holds the weights on the heap (90 MB for MiniLM), so load it once and share it.
 */
public final class BaseModel {
    /** What an exported model does not say about itself. */
    private record Architecture(int heads, double layerNormEpsilon) {}

    private static final Map<String, Architecture> KNOWN =
            new TreeMap<>(Map.of("all-minilm-l6-v2", new Architecture(12, 1e-12)));

    private final String name;
    private final Architecture architecture;
    private final BaseShape shape;
    private final Map<String, Weight> weights;
    private final byte[] tokenizer;
    private final String sha256;

    private BaseModel(
            String name, Architecture architecture, Map<String, Weight> weights, byte[] tokenizer, String sha256) {
        this.name = name;
        this.architecture = architecture;
        this.weights = weights;
        this.tokenizer = tokenizer;
        this.sha256 = sha256;
        int layers = (int) weights.keySet().stream()
                .filter(key -> key.endsWith("attention.self.query.weight"))
                .count();
        this.shape = new BaseShape(
                layers, weight("embeddings.word_embeddings.weight").columns());
    }

    /**
     * Loads a base model by name.
     *
     * @param name {@code all-minilm-l6-v2}
     * @throws IllegalArgumentException if the name is unknown or the file lacks a tensor; the message names it
     * @throws IOException if the model's files are not on the class path
     */
    public static BaseModel load(String name) throws IOException {
        Architecture architecture = KNOWN.get(name);
        if (architecture == null) {
            throw new IllegalArgumentException(
                    "base model %s is not known; use one of %s".formatted(name, KNOWN.keySet()));
        }
        byte[] onnx = resource(name, ".onnx");
        Map<String, Weight> weights = new OnnxWeights(OnnxFile.parse(onnx)).read();
        return new BaseModel(name, architecture, weights, resource(name, "-tokenizer.json"), sha256(onnx));
    }

    private static byte[] resource(String name, String suffix) throws IOException {
        String path = "/" + name + suffix;
        try (InputStream stream = BaseModel.class.getResourceAsStream(path)) {
            if (stream == null) {
                throw new IOException(
                        "%s is not on the class path; add the jar of base model %s".formatted(path, name));
            }
            return stream.readAllBytes();
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The name it was loaded by. */
    public String name() {
        return name;
    }

    /** The encoder's shape. */
    public BaseShape shape() {
        return shape;
    }

    /** SHA-256 of the model file it was read from, in hexadecimal: what a checkpoint's manifest refers to. */
    public String sha256() {
        return sha256;
    }

    /** The longest sequence the position embeddings allow, in tokens. */
    public int maxTokens() {
        return weight("embeddings.position_embeddings.weight").rows();
    }

    int heads() {
        return architecture.heads();
    }

    double layerNormEpsilon() {
        return architecture.layerNormEpsilon();
    }

    byte[] tokenizer() {
        return tokenizer.clone();
    }

    /** The tensor of this Hugging Face name. */
    Weight weight(String tensor) {
        Weight weight = weights.get(tensor);
        if (weight == null) {
            throw new IllegalArgumentException("base model %s lacks tensor %s".formatted(name, tensor));
        }
        return weight;
    }
}
