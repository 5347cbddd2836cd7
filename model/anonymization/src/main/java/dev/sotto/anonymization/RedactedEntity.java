package dev.sotto.anonymization;

/**
 * An entity that was replaced: where it was, where its replacement is and why it was found, never what it was. All
 * offsets are in UTF-16 units.
 *
 * @param type the kind of personal data
 * @param start offset of its first unit in the original text
 * @param end offset after its last unit in the original text
 * @param outputStart offset of the replacement in the anonymized text
 * @param outputEnd offset after the replacement; equal to {@code outputStart} when it was redacted
 * @param recognizer the recognizer's name
 * @param score how sure it was, context included, in [0, 1]
 * @param why what was seen, in words that hold no part of the text
 */
public record RedactedEntity(
        EntityType type,
        int start,
        int end,
        int outputStart,
        int outputEnd,
        String recognizer,
        double score,
        String why) {}
