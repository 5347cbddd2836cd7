package dev.sotto.bert;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.sotto.federation.AdapterSpec;
import dev.sotto.federation.NamedTensor;
import dev.sotto.federation.ParameterLayout;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The compiled frozen encoder that takes the trained parameters as one argument. Thread-safe; holds native memory until
 * it is closed.
 */
final class TrainerModule implements AutoCloseable {
    private final int hidden;
    private final int lowestAdapted;
    private final TorchModule module;

    private TrainerModule(int hidden, int lowestAdapted, TorchModule module) {
        this.hidden = hidden;
        this.lowestAdapted = lowestAdapted;
        this.module = module;
    }

    static TrainerModule compile(BaseModel base, AdapterSpec adapter, ParameterLayout layout) {
        int layers = base.shape().layers();
        List<Integer> adapted = adapter.layers();
        int lowest = adapted.isEmpty() ? layers : adapted.get(0);
        EncoderScript script = new EncoderScript(base, Variant.FP32);
        ScriptSource source = script.source("gelu", adapter.scaling())
                .constant(
                        "part-sizes",
                        layout.tensors().stream()
                                .map(NamedTensor::size)
                                .map(String::valueOf)
                                .collect(Collectors.joining(", ")))
                .constant("frozen-calls", EncoderScript.lines(0, lowest, TrainerModule::frozenCall))
                .constant("adapted-calls", script.eachLayer(lowest, i -> call(i, adapted.indexOf(i), "low_rank")))
                .constant(
                        "adapted-calls-each",
                        script.eachLayer(lowest, i -> call(i, adapted.indexOf(i), "low_rank_each")))
                .include("trainer.py");
        return new TrainerModule(
                base.shape().hidden(),
                lowest,
                TorchModule.load(script.root("Trainer", script.baseProjections()), source, true));
    }

    private static String frozenCall(int layer) {
        return "    x = (self.layer" + layer + ").forward(x, bias, )";
    }

    /** A layer's call with the four low-rank factors at its place among the adapted layers, if it is one. */
    private static String call(int layer, int place, String product) {
        if (place < 0) {
            return frozenCall(layer);
        }
        int part = 4 * place;
        return String.join(
                        "\n",
                        "    to_query = (self.layer%1$d).%2$s(x, parts[%3$d], parts[%4$d], )",
                        "    to_value = (self.layer%1$d).%2$s(x, parts[%5$d], parts[%6$d], )",
                        "    x = (self.layer%1$d).adapted(x, bias, to_query, to_value, )")
                .formatted(layer, product, part, part + 1, part + 2, part + 3);
    }

    /** Whether layers lie below the adapted ones, so that their result is worth keeping. */
    boolean hasFrozenLayers() {
        return lowestAdapted > 0;
    }

    int hidden() {
        return hidden;
    }

    /** The hidden states below the lowest adapted layer, rows x width x hidden. */
    float[] frozen(TokenBatch batch) {
        return module.call("frozen", scope -> new NDList(batch.ids(scope), batch.lengths(scope)));
    }

    /** The logits, rows x labels. */
    float[] logits(TokenBatch batch, float[] frozen, float[] parameters) {
        return module.call(
                "logits",
                scope -> new NDList(
                        scope.create(frozen, new Shape(batch.rows(), batch.width(), hidden)),
                        batch.lengths(scope),
                        scope.create(parameters, new Shape(parameters.length))));
    }

    /** The cross-entropy summed over the rows. */
    float loss(TokenBatch batch, float[] frozen, long[] labels, float[] parameters) {
        return module.call("loss", scope -> arguments(scope, batch, frozen, labels, parameters))[0];
    }

    /** The cross-entropy summed over the rows, followed by its gradient: one entry more than there are parameters. */
    float[] gradient(TokenBatch batch, float[] frozen, long[] labels, float[] parameters) {
        return gradient("gradient", batch, frozen, labels, parameters);
    }

    /** The gradient of each row's cross-entropy, row after row, without their sum. */
    float[] gradients(TokenBatch batch, float[] frozen, long[] labels, float[] parameters) {
        return gradient("gradients", batch, frozen, labels, parameters);
    }

    private float[] gradient(String method, TokenBatch batch, float[] frozen, long[] labels, float[] parameters) {
        return module.callWithGradients(method, scope -> arguments(scope, batch, frozen, labels, parameters));
    }

    private NDList arguments(NDManager scope, TokenBatch batch, float[] frozen, long[] labels, float[] parameters) {
        return new NDList(
                scope.create(frozen, new Shape(batch.rows(), batch.width(), hidden)),
                batch.lengths(scope),
                scope.create(labels, new Shape(labels.length)),
                scope.create(parameters, new Shape(parameters.length)));
    }

    /** The part of {@link #frozen} that belongs to one row, without its padding. */
    float[] row(float[] frozen, TokenBatch batch, int row) {
        int from = row * batch.width() * hidden;
        return Arrays.copyOfRange(frozen, from, from + batch.length(row) * hidden);
    }

    int nativeResources() {
        return module.nativeResources();
    }

    @Override
    public void close() {
        module.close();
    }
}
