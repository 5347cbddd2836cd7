package dev.sotto.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sotto.bert.Evaluation;
import dev.sotto.contracts.avro.ReleasedMetrics;
import dev.sotto.federation.ModelDesign;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the quickstart prints for people: rounds, scored texts, alerts. Everything it shows was measured or published. */
final class Report {
    private static final int EXCERPTS = 5;
    private static final int WIDTH = 110;

    private final ProgressBar out;

    Report(ProgressBar out) {
        this.out = out;
    }

    void title(String text) {
        out.println("");
        out.println("== " + text);
    }

    void line(String text) {
        out.println("   " + text);
    }

    /** The model that a task starts from. */
    void start(Evaluation evaluation) {
        line("model 0 (untrained head)   %s   majority class %s"
                .formatted(quality(evaluation), percent(evaluation.majorityShare())));
    }

    /** A round that ended with a model. */
    void round(RoundOutcome outcome, Evaluation evaluation, ModelDesign design) {
        line("round %d   cohort %d, survivors %d%s   epsilon %s at delta %s   model %d: %s"
                .formatted(
                        outcome.round(),
                        outcome.cohort().size(),
                        outcome.survivors().size(),
                        outcome.dropouts().isEmpty() ? "" : " (lost: " + String.join(", ", outcome.dropouts()) + ")",
                        String.format(Locale.ROOT, "%.0f", outcome.epsilon()),
                        outcome.delta(),
                        outcome.modelVersion(),
                        quality(evaluation)));
        outcome.metrics().ifPresent(this::heard);
        outcome.judged(design)
                .ifPresent(judged -> line("    on rows held out at the sites model %d has F1 of %s"
                        .formatted(
                                outcome.modelVersion() - 1,
                                judged.f1ByLabel().entrySet().stream()
                                        .map(label -> label.getKey() + " " + percent(label.getValue()))
                                        .collect(Collectors.joining(", ")))));
    }

    /** The one thing that is known about the sites' own data; without held-out rows their count is noise alone. */
    private void heard(ReleasedMetrics metrics) {
        line(String.format(
                Locale.ROOT,
                "    heard in the noised sum: %.0f examples, mean loss %.2f%s",
                metrics.getExamples(),
                metrics.getMeanLoss(),
                metrics.getEvaluated() < metrics.getExamples() / 10
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                ", %s right of %.0f held out",
                                percent(metrics.getAccuracy()),
                                metrics.getEvaluated())));
    }

    private static String quality(Evaluation evaluation) {
        return "validation accuracy %s, macro-F1 %s"
                .formatted(percent(evaluation.accuracy()), percent(evaluation.macroF1()));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    /** A few scored texts in which something was taken out. */
    void scored(List<JsonNode> scored) {
        scored.stream()
                .filter(text -> !text.path("entities").isEmpty())
                .limit(EXCERPTS)
                .forEach(text -> line("%-9s %s"
                        .formatted(
                                text.path("label").asText(),
                                cut(text.path("text").asText()))));
    }

    /** Alerts with their explanations: surges and refusals first, then the most certain messages. */
    void alerts(List<JsonNode> alerts) {
        List<JsonNode> shown = new ArrayList<>();
        alerts.stream().filter(alert -> !isMessage(alert)).forEach(shown::add);
        alerts.stream()
                .filter(Report::isMessage)
                .sorted((a, b) -> Double.compare(negative(b), negative(a)))
                .limit(EXCERPTS)
                .forEach(shown::add);
        for (JsonNode alert : shown) {
            JsonNode data = alert.path("data");
            if (isMessage(alert)) {
                line("%s  %s  negative %s"
                        .formatted(
                                data.path("severity").asText(),
                                alert.path("subject").asText(),
                                percent(negative(alert))));
                line("    \"" + cut(data.path("excerpt").asText()) + "\"");
                line("    because: " + because(data.path("explanation")));
            } else {
                other(alert);
            }
        }
    }

    private void other(JsonNode alert) {
        JsonNode data = alert.path("data");
        line("%s  %s  %s"
                .formatted(
                        data.path("severity").asText(),
                        alert.path("subject").asText(),
                        alert.path("type").asText()));
        JsonNode window = data.path("window");
        line(
                window.isMissingNode()
                        ? "    " + cut(data.toString())
                        : String.format(
                                Locale.ROOT,
                                "    %s: %d of %d messages are %s, %.0f %% is usual; by chance less likely than %.0e",
                                data.path("state").asText(),
                                window.path("count").asInt(),
                                window.path("messages").asInt(),
                                data.path("label").asText(),
                                100 * data.path("baseline").asDouble(),
                                data.path("tail").asDouble()));
    }

    private static boolean isMessage(JsonNode alert) {
        return alert.path("type").asText().contains(".message.");
    }

    private static double negative(JsonNode alert) {
        return alert.path("data").path("probabilities").path("negative").asDouble();
    }

    private static String because(JsonNode explanation) {
        JsonNode words = explanation.isArray() ? explanation : explanation.path("words");
        List<String> parts = new ArrayList<>();
        words.forEach(word -> parts.add(String.format(
                Locale.ROOT,
                "%s %+.2f",
                word.path("word").asText(),
                word.path("score").asDouble())));
        return parts.stream().limit(EXCERPTS).collect(Collectors.joining(", "));
    }

    private static String cut(String text) {
        return text.length() <= WIDTH ? text : text.substring(0, WIDTH - 1) + "…";
    }
}
