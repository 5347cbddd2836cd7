package dev.sotto.bert;

import dev.sotto.federation.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A local Hugging Face directory of a BERT encoder, with or without a head: {@code config.json},
 * {@code model.safetensors}, and {@code tokenizer.json} or {@code vocab.txt}. Tensors may begin with {@code bert.}; those
 * that are not the encoder's are passed over.
 */
final class BertDirectory {
    private static final String WEIGHTS = "model.safetensors";
    private static final List<String> PREFIXES = List.of("", "bert.");

    private final Path directory;
    private final BertArchitecture architecture;

    private BertDirectory(Path directory, BertArchitecture architecture) {
        this.directory = directory;
        this.architecture = architecture;
    }

    /**
     * Reads a directory.
     *
     * @param name of the base model
     * @throws IOException if a file is missing or cannot be read
     * @throws IllegalArgumentException if the model is not a BERT encoder, a tensor is missing or not as the configuration
     *     has it; the message names it
     */
    static BaseModel read(String name, Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new IOException(
                    "%s is not a directory; a base model's has config.json, %s and tokenizer.json or vocab.txt"
                            .formatted(directory, WEIGHTS));
        }
        BertDirectory reader = new BertDirectory(directory, BertConfig.read(existing(directory, "config.json")));
        Path weights = existing(directory, WEIGHTS);
        byte[] tokenizer = TokenizerFiles.read(directory, reader.architecture.vocabulary());
        try (SafetensorsFile file = SafetensorsFile.open(weights)) {
            return new BaseModel(name, reader.architecture, reader.weights(file), tokenizer, file.sha256());
        }
    }

    private static Path existing(Path directory, String name) throws IOException {
        Path file = directory.resolve(name);
        if (!Files.isRegularFile(file)) {
            throw new IOException("%s lacks %s; save the model as one file of safetensors with its configuration"
                    .formatted(directory, name));
        }
        return file;
    }

    private Map<String, Weight> weights(SafetensorsFile file) throws IOException {
        Map<String, Weight> weights = new HashMap<>();
        for (Map.Entry<String, List<Integer>> tensor : architecture.tensors().entrySet()) {
            weights.put(tensor.getKey(), weight(file, tensor.getKey(), tensor.getValue()));
        }
        return weights;
    }

    private Weight weight(SafetensorsFile file, String tensor, List<Integer> shape) throws IOException {
        List<String> names = names(tensor);
        String name = names.stream()
                .filter(candidate -> file.shape(candidate).isPresent())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("%s in %s lacks tensor %s of shape %s; looked for %s"
                        .formatted(WEIGHTS, directory, tensor, shape, names)));
        List<Integer> actual = file.shape(name).orElseThrow();
        if (!actual.equals(shape)) {
            throw new IllegalArgumentException("tensor %s of %s in %s has shape %s but config.json needs %s"
                    .formatted(name, WEIGHTS, directory, actual, shape));
        }
        float[] values = file.read(name);
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new IllegalArgumentException("tensor %s of %s in %s is %s at entry %d but must be finite"
                        .formatted(name, WEIGHTS, directory, values[i], i));
            }
        }
        return new Weight(shape, values);
    }

    /** What a tensor may be called: LayerNorms of the first published models are still in TensorFlow's names. */
    private static List<String> names(String tensor) {
        List<String> names = new ArrayList<>();
        for (String prefix : PREFIXES) {
            Stream.of(
                            tensor,
                            tensor.replace("LayerNorm.weight", "LayerNorm.gamma")
                                    .replace("LayerNorm.bias", "LayerNorm.beta"))
                    .distinct()
                    .forEach(name -> names.add(prefix + name));
        }
        return names;
    }
}
