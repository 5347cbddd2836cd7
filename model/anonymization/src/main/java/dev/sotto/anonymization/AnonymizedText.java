package dev.sotto.anonymization;

import java.util.List;

/**
 * A text without the personal data that was found in it. Immutable.
 *
 * @param text the anonymized text
 * @param entities what was replaced, by position; entities that the policy keeps are not among them
 */
public record AnonymizedText(String text, List<RedactedEntity> entities) {
    public AnonymizedText {
        entities = List.copyOf(entities);
    }
}
