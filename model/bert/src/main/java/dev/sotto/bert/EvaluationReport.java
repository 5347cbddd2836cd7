package dev.sotto.bert;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * An evaluation for people and for machines: overall figures beside the majority class, and every class's own. Immutable.
 *
 * @param labels the classes, in the order of the evaluation's rows
 */
public record EvaluationReport(List<String> labels, Evaluation evaluation) {
    /** @throws IllegalArgumentException if there are not as many labels as classes */
    public EvaluationReport {
        labels = List.copyOf(labels);
        if (labels.size() != evaluation.confusion().size()) {
            throw new IllegalArgumentException("%d labels for an evaluation of %d classes"
                    .formatted(labels.size(), evaluation.confusion().size()));
        }
    }

    /** As Markdown: a line of overall figures, a table by class, the confusion counts. */
    public String markdown() {
        StringBuilder text = new StringBuilder();
        text.append("macro-F1 %s, accuracy %s (majority class %s) on %d rows%n%n"
                .formatted(
                        figure(evaluation.macroF1()),
                        figure(evaluation.accuracy()),
                        figure(evaluation.majorityShare()),
                        evaluation.examples()));
        text.append("| class | precision | recall | F1 | rows |%n|---|---|---|---|---|%n".formatted());
        for (int label = 0; label < labels.size(); label++) {
            text.append("| %s | %s | %s | %s | %d |%n"
                    .formatted(
                            labels.get(label),
                            figure(evaluation.precision(label)),
                            figure(evaluation.recall(label)),
                            figure(evaluation.f1(label)),
                            evaluation.actual(label)));
        }
        text.append(
                "%n| is \\ said | %s |%n|---|%s%n".formatted(String.join(" | ", labels), "---|".repeat(labels.size())));
        for (int label = 0; label < labels.size(); label++) {
            List<String> row = evaluation.confusion().get(label).stream()
                    .map(String::valueOf)
                    .toList();
            text.append("| %s | %s |%n".formatted(labels.get(label), String.join(" | ", row)));
        }
        return text.toString();
    }

    /** As a tree of maps, lists, text and numbers, for JSON. */
    public Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("rows", evaluation.examples());
        tree.put("macroF1", evaluation.macroF1());
        tree.put("accuracy", evaluation.accuracy());
        tree.put("majorityShare", evaluation.majorityShare());
        List<Map<String, Object>> classes = new ArrayList<>();
        for (int label = 0; label < labels.size(); label++) {
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("class", labels.get(label));
            figures.put("precision", evaluation.precision(label));
            figures.put("recall", evaluation.recall(label));
            figures.put("f1", evaluation.f1(label));
            figures.put("rows", evaluation.actual(label));
            classes.add(figures);
        }
        tree.put("classes", classes);
        tree.put("confusion", evaluation.confusion());
        return tree;
    }

    private static String figure(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
