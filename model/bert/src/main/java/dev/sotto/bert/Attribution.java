package dev.sotto.bert;

/**
 * A word's part in a score.
 *
 * @param start offset of its first character in the text given
 * @param end offset after its last character
 * @param word the text between them
 * @param score what the label's probability loses without it: positive if it speaks for the label
 */
public record Attribution(int start, int end, String word, double score) {}
