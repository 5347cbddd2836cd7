package dev.sotto.bert;

import dev.sotto.federation.BaseShape;
import dev.sotto.federation.BaseSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A pre-trained BERT encoder with its tokenizer: weights in torch layout under Hugging Face names, loaded from the class
 * path or a local directory. Immutable and thread-safe; it holds the weights on the heap as float32 (90 MB for MiniLM), so
 * load it once and share it.
 */
public final class BaseModel {
    /** The known names, and what each one's files are called on the class path. */
    private static final Map<String, String> RESOURCES = new TreeMap<>(Map.of(
            "all-minilm-l6-v2", "all-minilm-l6-v2",
            "bge-small-zh", "bge-small-zh-v1.5"));

    private final String name;
    private final BertArchitecture architecture;
    private final Map<String, Weight> weights;
    private final byte[] tokenizer;
    private final String sha256;

    BaseModel(
            String name, BertArchitecture architecture, Map<String, Weight> weights, byte[] tokenizer, String sha256) {
        this.name = name;
        this.architecture = architecture;
        this.weights = Map.copyOf(weights);
        this.tokenizer = tokenizer.clone();
        this.sha256 = sha256;
    }

    /**
     * Loads a base model by name.
     *
     * @param name {@code all-minilm-l6-v2} (English), {@code bge-small-zh} (Chinese), or of a Hugging Face directory with config.json,
     *     model.safetensors, and tokenizer.json or vocab.txt: its absolute path, or its name in the directory that the system
     *     property {@code sotto.bases} or the environment variable {@code SOTTO_BASES} says
     * @throws IllegalArgumentException if the name is unknown, the model is not a BERT encoder or lacks a tensor; the message
     *     names it
     * @throws IOException if the model's files are not there
     */
    public static BaseModel load(String name) throws IOException {
        String resource = RESOURCES.get(name);
        if (resource == null) {
            Path directory = BaseDirectories.of(name)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "base model %s is not known; use one of %s, the absolute path of a Hugging Face directory, or the name of one in the directory that %s says"
                                    .formatted(name, RESOURCES.keySet(), BaseDirectories.VARIABLE)));
            return BertDirectory.read(name, directory);
        }
        byte[] onnx = resource(name, resource + ".onnx");
        OnnxWeights weights = new OnnxWeights(OnnxFile.parse(onnx));
        byte[] tokenizer = resource(name, resource + "-tokenizer.json");
        return new BaseModel(name, weights.architecture(), weights.read(), tokenizer, sha256(onnx));
    }

    /**
     * Loads the base model that a task names.
     *
     * @throws IllegalArgumentException as {@link #load(String)}, or if it has another shape or SHA-256 than the task says, or the task
     *     does not say which SHA-256 one in a directory has to have
     * @throws IOException as {@link #load(String)}
     */
    public static BaseModel load(BaseSpec spec) throws IOException {
        BaseModel base = load(spec.name());
        if (!base.shape().equals(spec.shape())) {
            throw new IllegalArgumentException(
                    "base model %s is %s but the task says %s".formatted(base.name(), base.shape(), spec.shape()));
        }
        if (!RESOURCES.containsKey(spec.name()) && !spec.isPinned()) {
            throw new IllegalArgumentException(
                    "base.sha256 and base.setupSha256 of base model %s are missing, without which sites could add up updates of different models; they are %s and %s here"
                            .formatted(base.name(), base.sha256(), base.setupSha256()));
        }
        requireSame("the weights", base.sha256(), spec.sha256(), spec);
        requireSame("configuration and tokenizer", base.setupSha256(), spec.setupSha256(), spec);
        return base;
    }

    private static void requireSame(String what, String actual, @Nullable String expected, BaseSpec spec) {
        if (expected != null && !expected.equals(actual)) {
            throw new IllegalArgumentException("%s of base model %s have sha256 %s but the task says %s"
                    .formatted(what, spec.name(), actual, expected));
        }
    }

    private static byte[] resource(String name, String file) throws IOException {
        try (InputStream stream = BaseModel.class.getResourceAsStream("/" + file)) {
            if (stream == null) {
                throw new IOException(
                        "%s is not on the class path; add the jar of base model %s".formatted(file, name));
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
        return architecture.shape();
    }

    /** SHA-256 of the model file it was read from, in hexadecimal: what a checkpoint's manifest refers to. */
    public String sha256() {
        return sha256;
    }

    /**
     * SHA-256 of what reads the weights, in hexadecimal: the configuration's numbers and the tokenizer. With the same weights
     * and another tokenizer a model means something else.
     */
    public String setupSha256() {
        String numbers = "heads=%d positions=%d epsilon=%s\n"
                .formatted(architecture.heads(), architecture.positions(), architecture.layerNormEpsilon());
        byte[] head = numbers.getBytes(StandardCharsets.UTF_8);
        byte[] setup = Arrays.copyOf(head, head.length + tokenizer.length);
        System.arraycopy(tokenizer, 0, setup, head.length, tokenizer.length);
        return sha256(setup);
    }

    /** What a task file says of it. */
    public BaseSpec spec() {
        return new BaseSpec(name, shape().layers(), shape().hidden(), sha256, setupSha256());
    }

    /** The longest sequence the position embeddings allow, in tokens. */
    public int maxTokens() {
        return architecture.positions();
    }

    /** The number of its parameters, all of which full fine-tuning would send. */
    public long parameters() {
        return architecture.tensors().values().stream()
                .mapToLong(shape -> shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact))
                .sum();
    }

    BertArchitecture architecture() {
        return architecture;
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
