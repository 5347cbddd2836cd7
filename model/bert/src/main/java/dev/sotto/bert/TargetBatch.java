package dev.sotto.bert;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;

/** What the heads are to say of the texts of a {@link TokenBatch}; where nothing is known nothing is learned. */
final class TargetBatch {
    private final int rows;
    private final int heads;
    private final int width;
    private final long[] labels;
    private final long[] tags;

    private TargetBatch(int rows, int heads, int width) {
        this.rows = rows;
        this.heads = heads;
        this.width = width;
        this.labels = new long[rows * heads];
        this.tags = new long[rows * width];
        Arrays.fill(tags, WordTags.NONE);
    }

    /** The targets of the examples at these indices. */
    static TargetBatch of(List<Example> examples, List<TokenizedText> texts, int[] indices, int width) {
        int heads = examples.get(indices[0]).labels().size();
        TargetBatch batch = new TargetBatch(indices.length, heads, width);
        for (int row = 0; row < indices.length; row++) {
            Example example = examples.get(indices[row]);
            for (int head = 0; head < heads; head++) {
                int label = example.label(head);
                batch.labels[row * heads + head] = label == Example.UNKNOWN ? WordTags.NONE : label;
            }
            if (example.entities() != null) {
                int[] known = WordTags.of(texts.get(indices[row]), example.entities());
                for (int token = 0; token < known.length; token++) {
                    batch.tags[row * width + token] = known[token];
                }
            }
        }
        return batch;
    }

    /** The class for every head, (rows, heads). */
    NDArray labels(NDManager scope) {
        return scope.create(labels, new Shape(rows, heads));
    }

    /** The tag of every token, (rows, width). */
    NDArray tags(NDManager scope) {
        return scope.create(tags, new Shape(rows, width));
    }
}
