package dev.sotto.bert;

import dev.sotto.federation.HeadSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * How well a head that classifies texts does.
 *
 * @param confusion counts, row = true class, column = predicted class
 * @param meanLoss the mean cross-entropy in nats
 */
public record Evaluation(List<List<Integer>> confusion, double meanLoss) implements HeadEvaluation {
    public Evaluation {
        confusion = confusion.stream().map(List::copyOf).toList();
    }

    /**
     * Scores the examples whose class for a head is known, and counts.
     *
     * @param head its place in the scorer's design
     * @throws IllegalArgumentException if there are none, or a label is not one of the head's
     */
    public static Evaluation of(Scorer scorer, int head, List<Example> examples) {
        List<Example> known = examples.stream()
                .filter(example -> example.label(head) != Example.UNKNOWN)
                .toList();
        HeadSpec spec = scorer.design().heads().get(head);
        if (known.isEmpty()) {
            throw new IllegalArgumentException(
                    "there are no examples to evaluate %s on; at least 1 is needed".formatted(spec.name()));
        }
        int classes = spec.outputs();
        int[][] counts = new int[classes][classes];
        double loss = 0;
        float[][] probabilities =
                scorer.probabilities(head, known.stream().map(Example::text).toList());
        for (int i = 0; i < probabilities.length; i++) {
            int label = known.get(i).label(head);
            if (label >= classes) {
                throw new IllegalArgumentException("label %d of example %d must be below the %d classes of %s"
                        .formatted(label, i, classes, spec.name()));
            }
            counts[label][mostLikely(probabilities[i])]++;
            // In coarse arithmetic a probability may be 0.
            loss -= Math.log(Math.max(probabilities[i][label], Float.MIN_NORMAL));
        }
        List<List<Integer>> confusion = new ArrayList<>();
        for (int[] row : counts) {
            confusion.add(Arrays.stream(row).boxed().toList());
        }
        return new Evaluation(confusion, loss / known.size());
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

    @Override
    public int examples() {
        return confusion.stream()
                .flatMap(List::stream)
                .mapToInt(Integer::intValue)
                .sum();
    }

    @Override
    public int right() {
        int right = 0;
        for (int i = 0; i < confusion.size(); i++) {
            right += confusion.get(i).get(i);
        }
        return right;
    }

    /** The share of examples predicted right, 0 to 1. To be read beside {@link #majorityShare()}. */
    public double accuracy() {
        return (double) right() / examples();
    }

    /** The unweighted mean over the classes of F1, 0 to 1; a class that neither occurs nor is predicted counts as 0. */
    @Override
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
    @Override
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

    @Override
    public List<Double> tally() {
        return confusion.stream()
                .flatMap(List::stream)
                .map(Integer::doubleValue)
                .toList();
    }

    /** From counts; those that noise made negative count as zero, and of the loss nothing is known. */
    static Evaluation of(List<Double> tally) {
        int classes = (int) Math.round(Math.sqrt(tally.size()));
        List<List<Integer>> confusion = new ArrayList<>();
        for (int row = 0; row < classes; row++) {
            confusion.add(tally.subList(row * classes, (row + 1) * classes).stream()
                    .map(HeadEvaluation::count)
                    .toList());
        }
        return new Evaluation(confusion, Double.NaN);
    }

    @Override
    public String markdown(List<String> labels) {
        return new EvaluationReport(labels, this).markdown();
    }

    @Override
    public Map<String, Object> tree(List<String> labels) {
        return new EvaluationReport(labels, this).tree();
    }
}
