package dev.sotto.scoring;

import java.io.Serializable;

/**
 * A text whose class is known.
 *
 * @param text the text, without personal data
 * @param label the class, by its place among the head's labels
 */
public record LabelledText(String text, int label) implements Serializable {}
