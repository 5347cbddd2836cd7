package dev.sotto.bert;

import ai.djl.ndarray.NDList;
import dev.sotto.federation.AdapterSpec;
import dev.sotto.federation.ParameterLayout;
import java.util.Arrays;
import java.util.List;

/**
 * A classifier compiled from a base model and one version of the adapter: texts in, class probabilities out. Thread-safe;
 * calls from several threads run side by side. It holds native memory (about 90 MB for MiniLM in single precision) until
 * it is closed; closing waits for the calls that run.
 */
public final class Scorer implements AutoCloseable {
    private static final int LARGEST_BATCH = 32;
    private static final int LARGEST_AREA = 2048;

    private final List<String> labels;
    private final BertTokenizer tokenizer;
    private final TorchModule module;

    private Scorer(List<String> labels, BertTokenizer tokenizer, TorchModule module) {
        this.labels = labels;
        this.tokenizer = tokenizer;
        this.module = module;
    }

    /**
     * Merges the adapter into the base model and compiles the result.
     *
     * @param labels the classes, in the order of the head's rows
     * @param maxTokens tokens a text is cut to
     * @param parameters the adapter and head in the order of {@link ParameterLayout}; padding entries at the end are
     *     ignored
     * @throws IllegalArgumentException if there are too few parameters or one is not finite
     */
    public static Scorer compile(
            BaseModel base,
            AdapterSpec adapter,
            List<String> labels,
            int maxTokens,
            float[] parameters,
            Variant variant) {
        ParameterLayout layout = ParameterLayout.of(adapter, base.shape(), labels.size());
        Parameters.requireUsable(layout, parameters);
        MergedAdapter merged = new MergedAdapter(base, adapter, layout, parameters);
        EncoderScript script = new EncoderScript(base, variant);
        ScriptObject root = script.root("Classifier", merged)
                .tensor("head_weight", merged.headWeight(), ElementType.FLOAT32)
                .tensor("head_bias", merged.headBias(), ElementType.FLOAT32);
        ScriptSource source = script.source("gelu_", adapter.scaling())
                .constant("layer-calls", script.eachLayer(0, i -> "    x = (self.layer" + i + ").forward(x, bias, )"))
                .constant(
                        "prepare-layers", script.eachLayer(0, i -> "    _" + i + " = (self.layer" + i + ").prepare()"))
                .include("classifier.py");
        BertTokenizer tokenizer = BertTokenizer.of(base, maxTokens);
        try {
            TorchModule module = TorchModule.load(root, source, false);
            module.call("prepare", scope -> new NDList());
            return new Scorer(List.copyOf(labels), tokenizer, module);
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    /** The classes, in the order of the probabilities. */
    public List<String> labels() {
        return labels;
    }

    /**
     * The class probabilities of every text.
     *
     * @return one row per text, in the order given, of {@code labels().size()} values that sum to one
     */
    public float[][] probabilities(List<String> texts) {
        return rows("forward", texts);
    }

    /** The head's output before the softmax, in the same shape. */
    float[][] logits(List<String> texts) {
        return rows("logits", texts);
    }

    /** The encoder's last hidden states: per text, tokens x hidden. */
    float[][] hiddenStates(List<String> texts) {
        List<long[]> tokens = tokenizer.tokens(texts);
        float[][] result = new float[texts.size()][];
        for (int[] batch : LengthBuckets.sorted(tokens, LARGEST_BATCH, LARGEST_AREA)) {
            TokenBatch rectangle = TokenBatch.of(tokens, batch);
            float[] values = hiddenStates(rectangle);
            int stride = values.length / batch.length;
            int hidden = stride / rectangle.width();
            for (int row = 0; row < batch.length; row++) {
                int size = tokens.get(batch[row]).length * hidden;
                result[batch[row]] = Arrays.copyOfRange(values, row * stride, row * stride + size);
            }
        }
        return result;
    }

    /** The last hidden states of a padded batch, rows x width x hidden; those of padding mean nothing. */
    float[] hiddenStates(TokenBatch batch) {
        return run("hidden", batch);
    }

    private float[][] rows(String method, List<String> texts) {
        List<long[]> tokens = tokenizer.tokens(texts);
        float[][] result = new float[texts.size()][];
        for (int[] batch : LengthBuckets.sorted(tokens, LARGEST_BATCH, LARGEST_AREA)) {
            float[] values = run(method, TokenBatch.of(tokens, batch));
            int classes = labels.size();
            for (int row = 0; row < batch.length; row++) {
                result[batch[row]] = Arrays.copyOfRange(values, row * classes, (row + 1) * classes);
            }
        }
        return result;
    }

    private float[] run(String method, TokenBatch batch) {
        return module.call(method, scope -> new NDList(batch.ids(scope), batch.lengths(scope)));
    }

    int nativeResources() {
        return module.nativeResources();
    }

    @Override
    public void close() {
        module.close();
        tokenizer.close();
    }
}
