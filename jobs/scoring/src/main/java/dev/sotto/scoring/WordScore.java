package dev.sotto.scoring;

/**
 * A word's part in an alert.
 *
 * @param start offset of its first UTF-16 unit in the anonymized text
 * @param end offset after its last
 * @param word the word
 * @param score what the label's probability loses without it; negative if it speaks against the label
 */
public record WordScore(int start, int end, String word, double score) {}
