package dev.sotto.bert;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How well a scorer does on labelled texts.
 *
 * @param confusion counts, row = true class, column = predicted class
 * @param meanLoss the mean cross-entropy in nats
 */
public record Evaluation(List<List<Integer>> confusion, double meanLoss) {
    public Evaluation {
        confusion = confusion.stream().map(List::copyOf).toList();
    }

    /**
     * Scores the examples and counts.
     *
     * @throws IllegalArgumentException if there are no examples or a label is not one of the scorer's
     */
    public static Evaluation of(Scorer scorer, List<Example> examples) {
        if (examples.isEmpty()) {
            throw new IllegalArgumentException("there are no examples to evaluate on; at least 1 is needed");
        }
        int classes = scorer.labels().size();
        int[][] counts = new int[classes][classes];
        double loss = 0;
        float[][] probabilities =
                scorer.probabilities(examples.stream().map(Example::text).toList());
        for (int i = 0; i < probabilities.length; i++) {
            int label = examples.get(i).label();
            if (label >= classes) {
                throw new IllegalArgumentException(
                        "label %d of example %d must be below the %d classes".formatted(label, i, classes));
            }
            counts[label][mostLikely(probabilities[i])]++;
            // In coarse arithmetic a probability may be 0.
            loss -= Math.log(Math.max(probabilities[i][label], Float.MIN_NORMAL));
        }
        List<List<Integer>> confusion = new ArrayList<>();
        for (int[] row : counts) {
            confusion.add(Arrays.stream(row).boxed().toList());
        }
        return new Evaluation(confusion, loss / examples.size());
    }

    private static int mostLikely(float[] probabilities) {
        int best = 0;
        for (int i = 1; i < probabilities.length; i++) {
            if (probabilities[i] > probabilities[best]) {
                best = i;
            }
        }
        return best;
    }

    /** The number of examples. */
    public int examples() {
        return confusion.stream()
                .flatMap(List::stream)
                .mapToInt(Integer::intValue)
                .sum();
    }

    /** The share of examples predicted right, 0 to 1. To be read beside {@link #majorityShare()}. */
    public double accuracy() {
        int right = 0;
        for (int i = 0; i < confusion.size(); i++) {
            right += confusion.get(i).get(i);
        }
        return (double) right / examples();
    }

    /** The unweighted mean over the classes of F1, 0 to 1; a class that neither occurs nor is predicted counts as 0. */
    public double macroF1() {
        double sum = 0;
        for (int i = 0; i < confusion.size(); i++) {
            sum += f1(i);
        }
        return sum / confusion.size();
    }

    /** The share of a class's predictions that are right, 0 to 1; 0 if it is never predicted. */
    public double precision(int label) {
        return share(label, predicted(label));
    }

    /** The share of a class's examples that are found, 0 to 1; 0 if there are none. */
    public double recall(int label) {
        return share(label, actual(label));
    }

    /** The harmonic mean of precision and recall of a class, 0 to 1. */
    public double f1(int label) {
        return share(label, (actual(label) + predicted(label)) / 2.0);
    }

    private double share(int label, double of) {
        return of == 0 ? 0 : confusion.get(label).get(label) / of;
    }

    /** The share of the most frequent class: the accuracy of a scorer that reads nothing. */
    public double majorityShare() {
        int most = 0;
        for (int i = 0; i < confusion.size(); i++) {
            most = Math.max(most, actual(i));
        }
        return (double) most / examples();
    }

    /** The examples of a class. */
    public int actual(int label) {
        return confusion.get(label).stream().mapToInt(Integer::intValue).sum();
    }

    private int predicted(int label) {
        return confusion.stream().mapToInt(row -> row.get(label)).sum();
    }
}
