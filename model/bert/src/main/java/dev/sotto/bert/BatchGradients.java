package dev.sotto.bert;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The gradients of batches out of one list of tokenized examples. Not thread-safe, though many may share module and cache. */
final class BatchGradients {
    private final List<Example> examples;
    private final List<TokenizedText> texts;
    private final TrainerModule module;
    private final HiddenCache cache;

    /** @param texts those of the examples, in their order */
    BatchGradients(List<Example> examples, List<TokenizedText> texts, TrainerModule module, HiddenCache cache) {
        this.examples = examples;
        this.texts = texts;
        this.module = module;
        this.cache = cache;
    }

    /** The loss of the examples at these indices, summed, followed by its gradient. */
    float[] summed(int[] indices, float[] parameters) {
        TokenBatch batch = TokenBatch.of(texts, indices);
        return module.gradient(batch, frozen(indices, batch), targets(indices, batch), parameters);
    }

    /** The loss of the examples at these indices, summed. */
    float loss(int[] indices, float[] parameters) {
        TokenBatch batch = TokenBatch.of(texts, indices);
        return module.loss(batch, frozen(indices, batch), targets(indices, batch), parameters);
    }

    /** The gradient of each example at these indices, one after the other. */
    float[] each(int[] indices, float[] parameters) {
        TokenBatch batch = TokenBatch.of(texts, indices);
        return module.gradients(batch, frozen(indices, batch), targets(indices, batch), parameters);
    }

    private TargetBatch targets(int[] indices, TokenBatch batch) {
        return TargetBatch.of(examples, texts, indices, batch.width());
    }

    private float[] frozen(int[] indices, TokenBatch batch) {
        if (!module.hasFrozenLayers()) {
            return module.frozen(batch);
        }
        int stride = batch.width() * module.hidden();
        float[] states = new float[indices.length * stride];
        int[] missing = IntStream.range(0, indices.length)
                .filter(row -> {
                    float[] known = cache.get(examples.get(indices[row]).text());
                    if (known != null) {
                        System.arraycopy(known, 0, states, row * stride, known.length);
                    }
                    return known == null;
                })
                .toArray();
        if (missing.length > 0) {
            compute(indices, missing, states, stride);
        }
        return states;
    }

    /** The hidden states of rows that the cache lacks. */
    private void compute(int[] indices, int[] missing, float[] states, int stride) {
        TokenBatch part = TokenBatch.of(
                texts, Arrays.stream(missing).map(row -> indices[row]).toArray());
        float[] computed = module.frozen(part);
        for (int i = 0; i < missing.length; i++) {
            float[] row = module.row(computed, part, i);
            cache.put(examples.get(indices[missing[i]]).text(), row);
            System.arraycopy(row, 0, states, missing[i] * stride, row.length);
        }
    }
}
