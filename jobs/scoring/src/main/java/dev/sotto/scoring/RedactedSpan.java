package dev.sotto.scoring;

/**
 * A stretch of the anonymized text that stands for personal data.
 *
 * @param type the entity's type
 * @param start offset of its first UTF-16 unit in the anonymized text
 * @param end offset after its last
 */
public record RedactedSpan(String type, int start, int end) {}
