package dev.sotto.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sotto.bert.Evaluation;
import java.util.List;
import java.util.Locale;

/** What must have been seen for the quickstart to end well; each check prints whether it held. Not thread-safe. */
final class Checks {
    /** Pieces of personal data that the messages hold; none may stand in anything the scoring job wrote. */
    private static final List<String> PLANTED = List.of(
            "4111 1111",
            "5555-5555",
            "378282246310005",
            "jane.roe",
            "maria.lopez",
            "7700 900123",
            "DE89",
            "GB82",
            "11010519491231002X",
            "138 1234",
            "138-1234",
            "ir@northwind",
            "j.doe@",
            "FR14",
            "192.0.2.17",
            "555-0143");

    private final Report report;
    private boolean held = true;

    Checks(Report report) {
        this.report = report;
    }

    Checks rounds(List<RoundOutcome> rounds, String lost, int lostIn, int wanted) {
        check(rounds.size() == wanted, "%d of %d rounds ended with a model".formatted(rounds.size(), wanted));
        check(
                rounds.stream()
                        .anyMatch(round ->
                                round.round() == lostIn && round.dropouts().contains(lost)),
                "round %d ended without %s, which was killed in it".formatted(lostIn, lost));
        check(
                rounds.stream()
                        .anyMatch(round ->
                                round.round() > lostIn && round.survivors().contains(lost)),
                "%s came back and is in a later sum".formatted(lost));
        return this;
    }

    Checks learning(Evaluation before, Evaluation after) {
        check(
                after.accuracy() > before.accuracy() && after.accuracy() > after.majorityShare(),
                String.format(
                        Locale.ROOT,
                        "accuracy rose from %.3f to %.3f, above the majority class's %.3f",
                        before.accuracy(),
                        after.accuracy(),
                        after.majorityShare()));
        return this;
    }

    Checks findings(FindingsWatch findings, int sent, int modelVersion) {
        List<JsonNode> scored = findings.scored();
        check(scored.size() == sent, "%d of %d messages were scored".formatted(scored.size(), sent));
        check(
                scored.stream().allMatch(text -> text.path("modelVersion").asInt() == modelVersion),
                "all by model %d, swapped in live".formatted(modelVersion));
        check(
                PLANTED.stream()
                        .noneMatch(planted -> contains(scored, planted) || contains(findings.alerts(), planted)),
                "none of %d planted pieces of personal data left the scoring job".formatted(PLANTED.size()));
        check(
                findings.deadLetters() == 1,
                "the broken message is a dead letter (%d)".formatted(findings.deadLetters()));
        long explained = explained(findings);
        check(
                explained > 0 && explained == count(findings, ".message."),
                "%d message alerts, %d of them with an explanation".formatted(count(findings, ".message."), explained));
        check(count(findings, ".surge.") > 0, "%d surge alerts".formatted(count(findings, ".surge.")));
        return this;
    }

    private static boolean contains(List<JsonNode> records, String text) {
        return records.stream().anyMatch(record -> record.toString().contains(text));
    }

    private static long count(FindingsWatch findings, String type) {
        return findings.alerts().stream()
                .filter(alert -> alert.path("type").asText().contains(type))
                .count();
    }

    private static long explained(FindingsWatch findings) {
        return findings.alerts().stream()
                .filter(alert -> alert.path("type").asText().contains(".message."))
                .filter(alert -> !alert.path("data").path("explanation").isEmpty())
                .count();
    }

    boolean allHeld() {
        return held;
    }

    private void check(boolean holds, String what) {
        report.line((holds ? "ok    " : "FAILED ") + what);
        held &= holds;
    }
}
