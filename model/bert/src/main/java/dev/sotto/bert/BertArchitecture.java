package dev.sotto.bert;

import dev.sotto.federation.BaseShape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The numbers of a BERT encoder (Devlin et al. 2019) that decide which tensors it has and how they are used.
 *
 * @param layers encoder layers, 1 to 96
 * @param hidden width of the encoder, a multiple of {@code heads}
 * @param heads attention heads
 * @param intermediate width inside a layer's feed-forward part
 * @param vocabulary rows of the word embeddings
 * @param positions the longest sequence, in tokens
 * @param segments rows of the segment embeddings
 * @param layerNormEpsilon what LayerNorm adds to the variance, above 0
 */
record BertArchitecture(
        int layers,
        int hidden,
        int heads,
        int intermediate,
        int vocabulary,
        int positions,
        int segments,
        double layerNormEpsilon) {
    private static final int MOST_LAYERS = 96;

    BertArchitecture {
        if (layers < 1 || layers > MOST_LAYERS) {
            throw new IllegalArgumentException(
                    "the encoder has %d layers but must have 1 to %d".formatted(layers, MOST_LAYERS));
        }
        requirePositive("hidden", hidden);
        requirePositive("heads", heads);
        requirePositive("intermediate", intermediate);
        requirePositive("vocabulary", vocabulary);
        requirePositive("positions", positions);
        requirePositive("segments", segments);
        if (hidden % heads != 0) {
            throw new IllegalArgumentException(
                    "the encoder's width is %d but must be a multiple of its %d heads".formatted(hidden, heads));
        }
        if (!(layerNormEpsilon > 0 && layerNormEpsilon < 1)) {
            throw new IllegalArgumentException(
                    "LayerNorm's epsilon is %s but must be between 0 and 1".formatted(layerNormEpsilon));
        }
    }

    private static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(
                    "the encoder's number of %s is %d but must be 1 or more".formatted(name, value));
        }
    }

    BaseShape shape() {
        return new BaseShape(layers, hidden);
    }

    /** Every tensor of the encoder under its Hugging Face name with its shape in torch's layout, (out, in). */
    Map<String, List<Integer>> tensors() {
        Map<String, List<Integer>> tensors = new LinkedHashMap<>();
        tensors.put("embeddings.word_embeddings.weight", List.of(vocabulary, hidden));
        tensors.put("embeddings.position_embeddings.weight", List.of(positions, hidden));
        tensors.put("embeddings.token_type_embeddings.weight", List.of(segments, hidden));
        norm(tensors, "embeddings.LayerNorm");
        for (int layer = 0; layer < layers; layer++) {
            String prefix = "encoder.layer." + layer + ".";
            dense(tensors, prefix + "attention.self.query", hidden, hidden);
            dense(tensors, prefix + "attention.self.key", hidden, hidden);
            dense(tensors, prefix + "attention.self.value", hidden, hidden);
            dense(tensors, prefix + "attention.output.dense", hidden, hidden);
            norm(tensors, prefix + "attention.output.LayerNorm");
            dense(tensors, prefix + "intermediate.dense", intermediate, hidden);
            dense(tensors, prefix + "output.dense", hidden, intermediate);
            norm(tensors, prefix + "output.LayerNorm");
        }
        return tensors;
    }

    private static void dense(Map<String, List<Integer>> tensors, String module, int out, int in) {
        tensors.put(module + ".weight", List.of(out, in));
        tensors.put(module + ".bias", List.of(out));
    }

    private void norm(Map<String, List<Integer>> tensors, String module) {
        tensors.put(module + ".weight", List.of(hidden));
        tensors.put(module + ".bias", List.of(hidden));
    }
}
