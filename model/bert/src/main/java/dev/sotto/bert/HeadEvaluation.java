package dev.sotto.bert;

import java.util.List;
import java.util.Map;

/** How well one head does on labelled texts. */
public sealed interface HeadEvaluation permits Evaluation, EntityEvaluation {
    /** Labelled texts it was asked about. */
    int examples();

    /** How many of them it got wholly right. */
    int right();

    /** The unweighted mean of F1 over the labels, 0 to 1. */
    double macroF1();

    /** F1 of a label, 0 to 1. */
    double f1(int label);

    /** The counts behind the figures, {@link dev.sotto.federation.HeadSpec#tallies} of them. */
    List<Double> tally();

    /** The figures as Markdown, under the labels' names. */
    String markdown(List<String> labels);

    /** A count that may have noise. */
    static int count(double noised) {
        return (int) Math.max(0, Math.round(noised));
    }

    /** The figures as a tree of maps, lists, text and numbers, for JSON. */
    Map<String, Object> tree(List<String> labels);
}
