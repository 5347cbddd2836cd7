package dev.sotto.bert;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds a BERT encoder in an ONNX export. Embeddings, biases and LayerNorms keep their Hugging Face names; matrices are
 * anonymous and transposed, but the MatMul nodes that use them are named after the module they came from. Heads and
 * epsilon are constants of the graph.
 */
final class OnnxWeights {
    private static final String QUERY_NODE = "/attention/self/query/MatMul";
    private static final String HEADS_NODE = "/encoder/layer.0/attention/self/Reshape";
    private static final String EPSILON_NODE = "/embeddings/LayerNorm/Add";

    private final OnnxFile file;
    private final BertArchitecture architecture;

    OnnxWeights(OnnxFile file) {
        this.file = file;
        List<Integer> words = shape("embeddings.word_embeddings.weight", 2);
        int layers = file.matMulsEndingWith(QUERY_NODE);
        if (layers == 0) {
            throw new IllegalArgumentException(
                    "the ONNX file has no MatMul node named .../encoder/layer.N" + QUERY_NODE);
        }
        this.architecture = new BertArchitecture(
                layers,
                words.get(1),
                heads(),
                shape("encoder.layer.0.intermediate.dense.bias", 1).get(0),
                words.get(0),
                shape("embeddings.position_embeddings.weight", 2).get(0),
                shape("embeddings.token_type_embeddings.weight", 2).get(0),
                epsilon());
    }

    /** What the file's shapes and constants say of the encoder. */
    BertArchitecture architecture() {
        return architecture;
    }

    /** All tensors by Hugging Face name, matrices as (out, in). */
    Map<String, Weight> read() {
        Map<String, Weight> weights = new HashMap<>();
        architecture.tensors().forEach((name, shape) -> {
            Weight weight = read(name, shape);
            if (!weight.shape().equals(shape)) {
                throw new IllegalArgumentException("tensor %s of the ONNX file has shape %s but must have %s"
                        .formatted(name, weight.shape(), shape));
            }
            weights.put(name, weight);
        });
        return Map.copyOf(weights);
    }

    private Weight read(String name, List<Integer> shape) {
        if (name.startsWith("embeddings.") || shape.size() == 1) {
            return found(file.tensor(name), name);
        }
        String module = name.substring(0, name.length() - ".weight".length());
        String node = "/" + module.replace('.', '/').replace("encoder/layer/", "encoder/layer.") + "/MatMul";
        return found(file.matMulWeight(node), node).transposed();
    }

    /** The third dimension of the shape (batch, length, heads, width) that the first layer's key is brought to. */
    private int heads() {
        List<String> reshape = file.inputs(HEADS_NODE);
        List<String> dimensions = reshape.size() == 2 ? file.inputsOfProducer(reshape.get(1)) : List.of();
        Long heads = dimensions.size() == 4 ? file.integer(dimensions.get(2)) : null;
        return Math.toIntExact(found(heads, "the number of heads at node " + HEADS_NODE));
    }

    /** What the first LayerNorm adds to the variance. */
    private double epsilon() {
        for (String input : file.inputs(EPSILON_NODE)) {
            Weight constant = file.tensor(input);
            if (constant != null && constant.values().length == 1) {
                // By way of its decimal digits: the float nearest to 1e-12 is another double than 1e-12.
                return Double.parseDouble(Float.toString(constant.values()[0]));
            }
        }
        throw new IllegalArgumentException("the ONNX file lacks LayerNorm's epsilon at node " + EPSILON_NODE);
    }

    private List<Integer> shape(String name, int dimensions) {
        List<Integer> shape = found(file.shape(name), name);
        if (shape.size() != dimensions) {
            throw new IllegalArgumentException("tensor %s of the ONNX file has shape %s but must have %d dimensions"
                    .formatted(name, shape, dimensions));
        }
        return shape;
    }

    private static <T> T found(@Nullable T value, String name) {
        if (value == null) {
            throw new IllegalArgumentException("the ONNX file lacks " + name);
        }
        return value;
    }
}
