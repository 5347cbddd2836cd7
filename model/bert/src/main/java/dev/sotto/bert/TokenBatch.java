package dev.sotto.bert;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;

/** A rectangle of token ids, each row one text or pair padded with zeros at its end. */
final class TokenBatch {
    private final int rows;
    private final int width;
    private final long[] ids;
    private final long[] lengths;
    private final long[] firstLengths;

    private TokenBatch(int rows, int width) {
        this.rows = rows;
        this.width = width;
        this.ids = new long[rows * width];
        this.lengths = new long[rows];
        this.firstLengths = new long[rows];
    }

    /** The texts at these indices, as wide as the longest. */
    static TokenBatch of(List<TokenizedText> texts, int[] indices) {
        int width = 0;
        for (int index : indices) {
            width = Math.max(width, texts.get(index).length());
        }
        TokenBatch batch = new TokenBatch(indices.length, width);
        for (int row = 0; row < indices.length; row++) {
            TokenizedText text = texts.get(indices[row]);
            System.arraycopy(text.ids(), 0, batch.ids, row * width, text.length());
            batch.lengths[row] = text.length();
            batch.firstLengths[row] = text.firstLength();
        }
        return batch;
    }

    int rows() {
        return rows;
    }

    int width() {
        return width;
    }

    /** The number of tokens of a row. */
    int length(int row) {
        return (int) lengths[row];
    }

    /** The ids, (rows, width). */
    NDArray ids(NDManager scope) {
        return scope.create(ids, new Shape(rows, width));
    }

    /** The number of tokens of each row. */
    NDArray lengths(NDManager scope) {
        return scope.create(lengths, new Shape(rows));
    }

    /** The number of tokens of the first text of each row. */
    NDArray firstLengths(NDManager scope) {
        return scope.create(firstLengths, new Shape(rows));
    }
}
