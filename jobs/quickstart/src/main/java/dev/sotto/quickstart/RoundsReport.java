package dev.sotto.quickstart;

import dev.sotto.bert.ModelEvaluation;
import dev.sotto.contracts.avro.ReleasedMetrics;
import dev.sotto.federation.ModelDesign;
import dev.sotto.federation.TaskDefinition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the rounds of a task reached, for people and for machines. Sites judge their held-out rows by the model that a round begins
 * with, so the figures of a round are those of the model before it. Immutable.
 *
 * @param rounds those that ended with a model, at least one, in order
 */
record RoundsReport(TaskDefinition task, List<RoundOutcome> rounds) {
    private static final String UNTOLD = "-";

    RoundsReport {
        rounds = List.copyOf(rounds);
    }

    /** A line for every round, and by class what the last one tells. */
    String markdown() {
        StringBuilder text = new StringBuilder();
        text.append("# Rounds of %s%n%n".formatted(task.task()));
        text.append(
                "| round | survivors | lost | epsilon | examples | loss | model judged | rows judged | accuracy | macro-F1 |%n|---|---|---|---|---|---|---|---|---|---|%n"
                        .formatted());
        rounds.forEach(round -> text.append(line(round)));
        text.append("%nAll figures are of noised sums over the survivors; epsilon at delta %s.%n"
                .formatted(last().delta()));
        last().judged(task.design()).ifPresent(judged -> {
            text.append("%nModel %d by class, each count with noise of standard deviation %s:%n%n"
                    .formatted(last().modelVersion() - 1, figure("%.1f", noise(last()))));
            text.append(judged.markdown());
        });
        return text.toString();
    }

    private String line(RoundOutcome round) {
        Optional<ReleasedMetrics> metrics = round.metrics();
        return "| %d | %d | %d | %s | %s | %s | %d | %s | %s | %s |%n"
                .formatted(
                        round.round(),
                        round.survivors().size(),
                        round.dropouts().size(),
                        figure("%.4g", round.epsilon()),
                        metrics.map(told -> figure("%.0f", told.getExamples())).orElse(UNTOLD),
                        metrics.map(told -> figure("%.3f", told.getMeanLoss())).orElse(UNTOLD),
                        round.modelVersion() - 1,
                        metrics.map(told -> figure("%.0f", told.getEvaluated())).orElse(UNTOLD),
                        metrics.map(told -> figure("%.3f", told.getAccuracy())).orElse(UNTOLD),
                        round.judged(task.design())
                                .map(judged -> figure("%.3f", judged.macroF1()))
                                .orElse(UNTOLD));
    }

    private RoundOutcome last() {
        return rounds.get(rounds.size() - 1);
    }

    /** Of a count by class, as a standard deviation in rows. */
    private double noise(RoundOutcome round) {
        return task.tally()
                .noise(task.sumSigma(round.cohort().size(), round.survivors().size()));
    }

    private static String figure(String form, double value) {
        return String.format(Locale.ROOT, form, value);
    }

    /** As a tree of maps, lists, text and numbers, for JSON. */
    Map<String, Object> tree() {
        ModelDesign design = task.design();
        List<Map<String, Object>> lines = new ArrayList<>();
        for (RoundOutcome round : rounds) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("round", round.round());
            line.put("survivors", round.survivors());
            line.put("dropouts", round.dropouts());
            line.put("epsilon", round.epsilon());
            line.put("modelJudged", round.modelVersion() - 1);
            round.metrics().ifPresent(told -> {
                line.put("examples", told.getExamples());
                line.put("meanLoss", told.getMeanLoss());
                line.put("rowsJudged", told.getEvaluated());
                line.put("accuracy", told.getAccuracy());
            });
            round.judged(design).map(ModelEvaluation::tree).ifPresent(judged -> {
                line.put("countNoise", noise(round));
                line.put("judged", judged);
            });
            lines.add(line);
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("task", task.task());
        tree.put("delta", last().delta());
        tree.put("rounds", lines);
        return tree;
    }

    /** What rose over the rounds. */
    Map<String, List<Double>> curves() {
        Map<String, List<Double>> curves = new LinkedHashMap<>();
        curves.put(
                "accuracy",
                rounds.stream()
                        .flatMap(round -> round.metrics().stream())
                        .map(ReleasedMetrics::getAccuracy)
                        .toList());
        curves.put(
                "macro-F1",
                rounds.stream()
                        .flatMap(round -> round.judged(task.design()).stream())
                        .map(ModelEvaluation::macroF1)
                        .toList());
        curves.values().removeIf(List::isEmpty);
        return curves;
    }
}
