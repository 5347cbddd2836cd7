package dev.sotto.bert;

import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The encoder as TorchScript: module objects filled with a base model's weights, and the classes' source text. The
 * scorer's and the trainer's root modules are built on it.
 */
final class EncoderScript {
    private static final float LEAST_REACH = 1e-4f;

    private final BaseModel base;
    private final Variant variant;

    EncoderScript(BaseModel base, Variant variant) {
        this.base = base;
        this.variant = variant;
    }

    /**
     * The root module with its encoder.
     *
     * @param merged query and value weights of a layer that replace the base's, or the base's own
     */
    ScriptObject root(String className, ProjectionSource merged) {
        ScriptObject root = new ScriptObject(className).module("embeddings", embeddings());
        for (int layer = 0; layer < base.shape().layers(); layer++) {
            root.module("layer" + layer, layer("encoder.layer." + layer + ".", merged, layer));
        }
        return root;
    }

    /** Where the query and value projections come from: the base model, or the base with an adapter merged in. */
    interface ProjectionSource {
        /**
         * A projection matrix, (hidden, hidden).
         *
         * @param projection {@code query} or {@code value}
         */
        Weight weight(int layer, String projection);
    }

    /** The base model's own projections. */
    ProjectionSource baseProjections() {
        return (layer, projection) ->
                base.weight("encoder.layer." + layer + ".attention.self." + projection + ".weight");
    }

    private ScriptObject embeddings() {
        return new ScriptObject("Embeddings")
                .tensor("words", base.weight("embeddings.word_embeddings.weight"), variant.storage())
                .tensor("positions", base.weight("embeddings.position_embeddings.weight"), variant.storage())
                .tensor("segments", base.weight("embeddings.token_type_embeddings.weight"), variant.storage())
                .tensor("norm_weight", base.weight("embeddings.LayerNorm.weight"), variant.storage())
                .tensor("norm_bias", base.weight("embeddings.LayerNorm.bias"), variant.storage());
    }

    private ScriptObject layer(String prefix, ProjectionSource projections, int layer) {
        String self = prefix + "attention.self.";
        Weight qkv = Weight.stacked(
                projections.weight(layer, "query"),
                base.weight(self + "key.weight"),
                projections.weight(layer, "value"));
        Weight qkvBias = Weight.stacked(
                base.weight(self + "query.bias"), base.weight(self + "key.bias"), base.weight(self + "value.bias"));
        return new ScriptObject("Layer")
                .module("qkv", dense(qkv, qkvBias))
                .module("attention_output", dense(prefix + "attention.output.dense"))
                .module("feed_forward", feedForward(prefix))
                .tensor("attention_norm_weight", norm(prefix + "attention.output.LayerNorm.weight"), variant.storage())
                .tensor("attention_norm_bias", norm(prefix + "attention.output.LayerNorm.bias"), variant.storage())
                .tensor("output_norm_weight", norm(prefix + "output.LayerNorm.weight"), variant.storage())
                .tensor("output_norm_bias", norm(prefix + "output.LayerNorm.bias"), variant.storage());
    }

    private ScriptObject feedForward(String prefix) {
        Weight intermediate = base.weight(prefix + "intermediate.dense.weight");
        Weight intermediateBias = base.weight(prefix + "intermediate.dense.bias");
        Weight output = base.weight(prefix + "output.dense.weight");
        Weight outputBias = base.weight(prefix + "output.dense.bias");
        ScriptObject feedForward = new ScriptObject("FeedForward");
        if (variant != Variant.INT8) {
            return feedForward
                    .module("intermediate", dense(intermediate, intermediateBias))
                    .module("output", dense(output, outputBias));
        }
        Weight reach = reach(
                norm(prefix + "attention.output.LayerNorm.weight"), norm(prefix + "attention.output.LayerNorm.bias"));
        return feedForward
                .module("intermediate", dense(intermediate.timesColumns(reach), intermediateBias))
                .module("output", dense(output, new Weight(outputBias.shape(), new float[outputBias.rows()])))
                .tensor("reach", reach, ElementType.FLOAT32)
                .tensor("bias", outputBias, ElementType.FLOAT32);
    }

    /** How large three standard deviations of what LayerNorm gives in each column are. */
    private static Weight reach(Weight scale, Weight shift) {
        float[] reach = new float[scale.rows()];
        for (int column = 0; column < reach.length; column++) {
            float size = 3 * Math.abs(scale.values()[column]) + Math.abs(shift.values()[column]);
            reach[column] = Math.max(LEAST_REACH, size);
        }
        return new Weight(scale.shape(), reach);
    }

    private Weight norm(String name) {
        return base.weight(name);
    }

    private ScriptObject dense(String module) {
        return dense(base.weight(module + ".weight"), base.weight(module + ".bias"));
    }

    private ScriptObject dense(Weight weight, Weight bias) {
        ScriptObject dense = new ScriptObject("Dense")
                .tensor("weight", weight, variant.storage())
                .tensor("bias", bias, variant.storage());
        return variant == Variant.INT8 ? dense.none("packed") : dense;
    }

    /**
     * The classes below a root.
     *
     * @param gelu {@code gelu}, or {@code gelu_} in place where no gradient is taken
     * @param scaling the factor of the low-rank product
     */
    ScriptSource source(String gelu, double scaling) {
        return new ScriptSource()
                .constant("hidden", base.shape().hidden())
                .constant("heads", base.architecture().heads())
                .constant(
                        "head-width",
                        base.shape().hidden() / base.architecture().heads())
                .constant("epsilon", base.architecture().layerNormEpsilon())
                .constant("gelu", gelu)
                .constant("scaling", scaling)
                .constant("layer-attributes", eachLayer(0, i -> "  layer" + i + " : __torch__.Layer"))
                .include(variant.dense())
                .include("encoder.py");
    }

    /** One line of text for every layer from {@code first} on. */
    String eachLayer(int first, IntFunction<String> line) {
        return lines(first, base.shape().layers(), line);
    }

    /** One line of text for every layer from {@code first} to before {@code end}. */
    static String lines(int first, int end, IntFunction<String> line) {
        return IntStream.range(first, end).mapToObj(line).collect(Collectors.joining("\n"));
    }
}
