package dev.sotto.bert;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds a BERT encoder's tensors in an ONNX export. Embeddings, biases and LayerNorms keep their Hugging Face names;
 * matrices are anonymous and transposed, but the MatMul nodes that use them are named after the module they came from.
 */
final class OnnxWeights {
    private static final String QUERY_NODE = "/attention/self/query/MatMul";
    private static final List<String> EMBEDDINGS = List.of(
            "embeddings.word_embeddings.weight",
            "embeddings.position_embeddings.weight",
            "embeddings.token_type_embeddings.weight",
            "embeddings.LayerNorm.weight",
            "embeddings.LayerNorm.bias");
    private static final List<String> DENSE = List.of(
            "attention.self.query",
            "attention.self.key",
            "attention.self.value",
            "attention.output.dense",
            "intermediate.dense",
            "output.dense");
    private static final List<String> NORMS = List.of("attention.output.LayerNorm", "output.LayerNorm");

    private final OnnxFile file;
    private final Map<String, Weight> weights = new HashMap<>();

    OnnxWeights(OnnxFile file) {
        this.file = file;
    }

    /** All tensors by Hugging Face name, matrices as (out, in). */
    Map<String, Weight> read() {
        EMBEDDINGS.forEach(this::copy);
        int layers = file.matMulsEndingWith(QUERY_NODE);
        if (layers == 0) {
            throw new IllegalArgumentException(
                    "the ONNX file has no MatMul node named .../encoder/layer.N" + QUERY_NODE);
        }
        for (int layer = 0; layer < layers; layer++) {
            String prefix = "encoder.layer." + layer + ".";
            for (String dense : DENSE) {
                readMatrix(prefix + dense);
                copy(prefix + dense + ".bias");
            }
            for (String norm : NORMS) {
                copy(prefix + norm + ".weight");
                copy(prefix + norm + ".bias");
            }
        }
        return Map.copyOf(weights);
    }

    private void readMatrix(String module) {
        String node = "/" + module.replace('.', '/').replace("encoder/layer/", "encoder/layer.") + "/MatMul";
        weights.put(module + ".weight", found(file.matMulWeight(node), node).transposed());
    }

    private void copy(String name) {
        weights.put(name, found(file.initializer(name), name));
    }

    private static Weight found(@Nullable Weight weight, String name) {
        if (weight == null) {
            throw new IllegalArgumentException("the ONNX file lacks " + name);
        }
        return weight;
    }
}
