package dev.sotto.bert;

import java.util.List;

/** The mean loss in nats on rows that are not trained on, as parameters change. Not thread-safe. */
final class HeldOutLoss {
    private static final int MOST_ROWS = 32;
    private static final int LARGEST_AREA = 32 * 128;

    private final BatchGradients rows;
    private final List<int[]> batches;
    private final int count;

    /** @param tokens of each row, 1 or more */
    HeldOutLoss(BatchGradients rows, List<TokenizedText> tokens) {
        this.rows = rows;
        this.batches = LengthBuckets.sorted(tokens, MOST_ROWS, LARGEST_AREA);
        this.count = tokens.size();
    }

    /** The loss at these parameters. */
    double at(float[] parameters) {
        double sum = 0;
        for (int[] batch : batches) {
            sum += rows.loss(batch, parameters);
        }
        return sum / count;
    }
}
