package dev.sotto.bert;

import ai.djl.ndarray.NDList;
import dev.sotto.federation.HeadKind;
import dev.sotto.federation.HeadSpec;
import dev.sotto.federation.ModelDesign;
import dev.sotto.federation.ParameterLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A model compiled from a base and one version of adapter and heads: texts in, judgements out. Thread-safe;
 * calls from several threads run side by side. It holds native memory (about 90 MB for MiniLM in single precision) until
 * it is closed; closing waits for the calls that run.
 */
public final class Scorer implements AutoCloseable {
    private static final int LARGEST_BATCH = 32;
    private static final int LARGEST_AREA = 2048;

    private final ModelDesign design;
    private final BertTokenizer tokenizer;
    private final TorchModule module;

    private Scorer(ModelDesign design, BertTokenizer tokenizer, TorchModule module) {
        this.design = design;
        this.tokenizer = tokenizer;
        this.module = module;
    }

    /**
     * Merges the adapter into the base model and compiles the result.
     *
     * @param parameters adapter and heads in the order of {@link ParameterLayout}
     * @throws IllegalArgumentException if there are too few parameters or one is not finite
     */
    public static Scorer compile(BaseModel base, ModelDesign design, float[] parameters, Variant variant) {
        ParameterLayout layout = ParameterLayout.of(design, base.shape());
        Parameters.requireUsable(layout, parameters);
        MergedAdapter merged = new MergedAdapter(base, design.adapter(), layout, parameters);
        EncoderScript script = new EncoderScript(base, variant);
        ScriptObject root = script.root("Classifier", merged);
        int heads = design.heads().size();
        for (int head = 0; head < heads; head++) {
            root.tensor(weight(head), merged.headWeight(head), ElementType.FLOAT32)
                    .tensor(bias(head), merged.headBias(head), ElementType.FLOAT32);
        }
        ScriptSource source = script.source("gelu_", design.adapter().scaling())
                .constant(
                        "layer-calls",
                        script.eachLayer(0, i -> "    x = (self.layer" + i + ").packed(x, counts, lengths, )"))
                .constant(
                        "prepare-layers", script.eachLayer(0, i -> "    _" + i + " = (self.layer" + i + ").prepare()"))
                .constant("head-names", joined(heads, "", i -> "\"%s\", \"%s\", ".formatted(weight(i), bias(i))))
                .constant("head-attributes", joined(heads, "\n", i -> "  %s : Tensor\n  %s : Tensor"
                        .formatted(weight(i), bias(i))))
                .constant("text-logits", textHeads(design, "%s"))
                .constant("text-probabilities", textHeads(design, "torch.softmax(%s, 1)"));
        source.constant("tags", design.tokensHead() < 0 ? "" : tags(design.tokensHead()))
                .include("classifier.py");
        BertTokenizer tokenizer = BertTokenizer.of(base, design.maxTokens());
        try {
            TorchModule module = TorchModule.load(root, source, false);
            module.call("prepare", scope -> new NDList());
            return new Scorer(design, tokenizer, module);
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    private static String weight(int head) {
        return "head" + head + "_weight";
    }

    private static String bias(int head) {
        return "head" + head + "_bias";
    }

    private static String joined(int count, String separator, IntFunction<String> part) {
        return IntStream.range(0, count).mapToObj(part).collect(Collectors.joining(separator));
    }

    private static String linear(String states, int head) {
        return "torch.linear(%s, self.%s, self.%s)".formatted(states, weight(head), bias(head));
    }

    private static String textHeads(ModelDesign design, String form) {
        return IntStream.range(0, design.heads().size())
                .filter(head -> design.heads().get(head).kind() == HeadKind.TEXT)
                .mapToObj(head -> form.formatted(linear("pooled", head)))
                .collect(Collectors.joining(", "));
    }

    private static String tags(int head) {
        return """
                  # The probabilities of every token's tags, (tokens, tags).
                  def tags(self: __torch__.Classifier,
                    ids: Tensor,
                    positions: Tensor,
                    segments: Tensor,
                    sizes: Tensor) -> Tensor:
                    states = (self).hidden(ids, positions, segments, sizes, )
                    return torch.softmax(%s, 1)
                """
                .formatted(linear("states", head));
    }

    /** What is judged, in the order of the heads. */
    public ModelDesign design() {
        return design;
    }

    /**
     * What every head of texts makes of every text, by one pass through the encoder.
     *
     * @return for every head, in the design's order, a row for every text, in the order given, of probabilities that sum to one;
     *     for a head of tokens no rows
     */
    public List<float[][]> probabilities(List<TextPair> texts) {
        return byHead("forward", texts);
    }

    /**
     * What one head of texts makes of every text.
     *
     * @param head its place in the design
     * @throws IllegalArgumentException if it is not a head of texts
     */
    public float[][] probabilities(int head, List<TextPair> texts) {
        requireKind(head, HeadKind.TEXT);
        return probabilities(texts).get(head);
    }

    /** The outputs before the softmax, in the same shape. */
    List<float[][]> logits(List<TextPair> texts) {
        return byHead("logits", texts);
    }

    /**
     * The entities that the head of tokens finds in the first text of each, in the order of the text.
     *
     * @throws IllegalArgumentException if there is no such head
     */
    public List<List<EntitySpan>> entities(List<TextPair> texts) {
        requireKind(design.tokensHead(), HeadKind.TOKENS);
        List<TokenizedText> tokenized = tokenizer.texts(texts);
        List<List<EntitySpan>> result = new ArrayList<>();
        texts.forEach(text -> result.add(List.of()));
        int outputs = design.heads().get(design.tokensHead()).outputs();
        for (int[] batch : LengthBuckets.sorted(tokenized, LARGEST_BATCH, LARGEST_AREA)) {
            PackedTexts packed = PackedTexts.of(tokenized, batch);
            float[] values = run("tags", packed);
            for (int row = 0; row < batch.length; row++) {
                int[] tags = new int[packed.length(row)];
                for (int token = 0; token < tags.length; token++) {
                    tags[token] = largest(values, (packed.start(row) + token) * outputs, outputs);
                }
                result.set(batch[row], WordTags.entities(tokenized.get(batch[row]), tags));
            }
        }
        return result;
    }

    private static int largest(float[] values, int from, int count) {
        int largest = 0;
        for (int i = 1; i < count; i++) {
            largest = values[from + i] > values[from + largest] ? i : largest;
        }
        return largest;
    }

    private void requireKind(int head, HeadKind kind) {
        if (head < 0
                || head >= design.heads().size()
                || design.heads().get(head).kind() != kind) {
            throw new IllegalArgumentException("head %d is none of kind %s; the heads are %s"
                    .formatted(
                            head,
                            kind,
                            design.heads().stream().map(HeadSpec::name).toList()));
        }
    }

    /** The encoder's last hidden states: per text, tokens x hidden. */
    float[][] hiddenStates(List<TextPair> texts) {
        List<TokenizedText> tokens = tokenizer.texts(texts);
        float[][] result = new float[texts.size()][];
        for (int[] batch : LengthBuckets.sorted(tokens, LARGEST_BATCH, LARGEST_AREA)) {
            PackedTexts packed = PackedTexts.of(tokens, batch);
            float[] values = run("hidden", packed);
            int hidden = values.length / packed.start(batch.length);
            for (int row = 0; row < batch.length; row++) {
                int from = packed.start(row) * hidden;
                result[batch[row]] = Arrays.copyOfRange(values, from, from + packed.length(row) * hidden);
            }
        }
        return result;
    }

    private List<float[][]> byHead(String method, List<TextPair> texts) {
        List<float[][]> result = new ArrayList<>();
        int outputs = 0;
        for (HeadSpec head : design.heads()) {
            result.add(new float[head.kind() == HeadKind.TEXT ? texts.size() : 0][]);
            outputs += head.kind() == HeadKind.TEXT ? head.outputs() : 0;
        }
        if (outputs == 0) {
            return result;
        }
        List<TokenizedText> tokens = tokenizer.texts(texts);
        for (int[] batch : LengthBuckets.sorted(tokens, LARGEST_BATCH, LARGEST_AREA)) {
            float[] values = run(method, PackedTexts.of(tokens, batch));
            for (int row = 0; row < batch.length; row++) {
                int from = row * outputs;
                for (int head = 0; head < result.size(); head++) {
                    if (result.get(head).length > 0) {
                        int to = from + design.heads().get(head).outputs();
                        result.get(head)[batch[row]] = Arrays.copyOfRange(values, from, to);
                        from = to;
                    }
                }
            }
        }
        return result;
    }

    private float[] run(String method, PackedTexts texts) {
        return module.call(method, texts::arguments);
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
