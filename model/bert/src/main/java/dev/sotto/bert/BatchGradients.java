package dev.sotto.bert;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The gradients of batches out of one list of tokenized examples. Not thread-safe, though many may share module and cache. */
final class BatchGradients {
    private final List<Example> examples;
    private final List<long[]> tokens;
    private final TrainerModule module;
    private final HiddenCache cache;

    /** @param tokens of each example, in their order */
    BatchGradients(List<Example> examples, List<long[]> tokens, TrainerModule module, HiddenCache cache) {
        this.examples = examples;
        this.tokens = tokens;
        this.module = module;
        this.cache = cache;
    }

    /** The cross-entropy of the examples at these indices, summed, followed by its gradient. */
    float[] summed(int[] indices, float[] parameters) {
        TokenBatch batch = TokenBatch.of(tokens, indices);
        return module.gradient(batch, frozen(indices, batch), labels(indices), parameters);
    }

    /** The cross-entropy of the examples at these indices, summed. */
    float loss(int[] indices, float[] parameters) {
        TokenBatch batch = TokenBatch.of(tokens, indices);
        return module.loss(batch, frozen(indices, batch), labels(indices), parameters);
    }

    /** The gradient of each example at these indices, one after the other. */
    float[] each(int[] indices, float[] parameters) {
        TokenBatch batch = TokenBatch.of(tokens, indices);
        return module.gradients(batch, frozen(indices, batch), labels(indices), parameters);
    }

    private long[] labels(int[] indices) {
        return Arrays.stream(indices)
                .mapToLong(index -> examples.get(index).label())
                .toArray();
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
                tokens, Arrays.stream(missing).map(row -> indices[row]).toArray());
        float[] computed = module.frozen(part);
        for (int i = 0; i < missing.length; i++) {
            float[] row = module.row(computed, part, i);
            cache.put(examples.get(indices[missing[i]]).text(), row);
            System.arraycopy(row, 0, states, missing[i] * stride, row.length);
        }
    }
}
