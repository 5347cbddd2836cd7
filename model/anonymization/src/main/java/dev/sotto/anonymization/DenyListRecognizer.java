package dev.sotto.anonymization;

import java.util.ArrayList;
import java.util.List;

/** Finds the terms of a policy's deny list, ignoring case and width. */
final class DenyListRecognizer implements EntityRecognizer {
    private final TermAutomaton terms;
    private final boolean empty;

    DenyListRecognizer(List<String> terms) {
        this.empty = terms.isEmpty();
        this.terms = new TermAutomaton(
                terms.stream().map(term -> NormalizedText.of(term).value()).toList());
    }

    @Override
    public List<Finding> find(NormalizedText text) {
        if (empty) {
            return List.of();
        }
        List<Finding> findings = new ArrayList<>();
        terms.search(
                text.value(),
                0,
                text.length(),
                (start, end) -> findings.add(new Finding(EntityType.DENY_LISTED, start, end, 1, "on the deny list")));
        return findings;
    }

    @Override
    public String name() {
        return "deny-list";
    }
}
