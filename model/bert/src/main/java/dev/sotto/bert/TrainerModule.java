package dev.sotto.bert;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.sotto.federation.AdapterSpec;
import dev.sotto.federation.HeadKind;
import dev.sotto.federation.HeadSpec;
import dev.sotto.federation.ModelDesign;
import dev.sotto.federation.NamedTensor;
import dev.sotto.federation.ParameterLayout;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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

    static TrainerModule compile(BaseModel base, ModelDesign design) {
        AdapterSpec adapter = design.adapter();
        ParameterLayout layout = ParameterLayout.of(design, base.shape());
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
                .constant("none", WordTags.NONE)
                .constant("losses", losses(design, layout, TrainerModule::loss))
                .constant("losses-each", losses(design, layout, TrainerModule::lossEach))
                .include("trainer.py");
        ScriptObject root =
                script.root("Trainer", script.baseProjections()).module("padding", new ScriptObject("Padding"));
        return new TrainerModule(base.shape().hidden(), lowest, TorchModule.load(root, source, true));
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

    /** A line for every head, after which {@code loss} is the sum of all. */
    private static String losses(ModelDesign design, ParameterLayout layout, HeadLoss loss) {
        return IntStream.range(0, design.heads().size())
                .mapToObj(head -> "    loss = " + (head == 0 ? "" : "loss + ")
                        + loss.of(design.heads().get(head), head, layout.weightIndex(head)))
                .collect(Collectors.joining("\n"));
    }

    /** The text of a head's loss, by its place and that of its weight among the parts. */
    private interface HeadLoss {
        String of(HeadSpec head, int place, int part);
    }

    private static String loss(HeadSpec head, int place, int part) {
        String logits = "torch.linear(%s, torch.reshape(parts[%d], [%d, -1]), parts[%d])";
        return head.kind() == HeadKind.TEXT
                ? "(self).text_loss(%s, torch.select(labels, 1, %d), )"
                        .formatted(logits.formatted("pooled", part, head.outputs(), part + 1), place)
                : "(self).token_loss(%s, tags, )".formatted(logits.formatted("x", part, head.outputs(), part + 1));
    }

    private static String lossEach(HeadSpec head, int place, int part) {
        String logits =
                "torch.bmm(%s, torch.transpose(torch.reshape(parts[%d], [rows, %d, -1]), 1, 2)) + torch.unsqueeze(parts[%d], 1)";
        return head.kind() == HeadKind.TEXT
                ? "(self).text_loss(torch.squeeze(%s, 1), torch.select(labels, 1, %d), )"
                        .formatted(logits.formatted("pooled", part, head.outputs(), part + 1), place)
                : "(self).token_loss(%s, tags, )".formatted(logits.formatted("x", part, head.outputs(), part + 1));
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
        return module.call(
                "frozen", scope -> new NDList(batch.ids(scope), batch.lengths(scope), batch.firstLengths(scope)));
    }

    /** The loss summed over the rows and heads. */
    float loss(TokenBatch batch, float[] frozen, TargetBatch targets, float[] parameters) {
        return module.call("loss", scope -> arguments(scope, batch, frozen, targets, parameters))[0];
    }

    /** The loss summed over the rows and heads, followed by its gradient: one entry more than there are parameters. */
    float[] gradient(TokenBatch batch, float[] frozen, TargetBatch targets, float[] parameters) {
        return module.callWithGradients("gradient", scope -> arguments(scope, batch, frozen, targets, parameters));
    }

    /** The gradient of each row's loss, row after row, without their sum. */
    float[] gradients(TokenBatch batch, float[] frozen, TargetBatch targets, float[] parameters) {
        return module.callWithGradients("gradients", scope -> arguments(scope, batch, frozen, targets, parameters));
    }

    private NDList arguments(
            NDManager scope, TokenBatch batch, float[] frozen, TargetBatch targets, float[] parameters) {
        return new NDList(
                scope.create(frozen, new Shape(batch.rows(), batch.width(), hidden)),
                batch.lengths(scope),
                targets.labels(scope),
                targets.tags(scope),
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
