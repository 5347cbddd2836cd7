package dev.sotto.bert;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text, or pair of texts, and what is known of it.
 *
 * @param labels for every head of the task the class, an index into its labels, or {@link #UNKNOWN}; of a head of tokens always
 *     {@link #UNKNOWN}
 * @param entities in the first text, for the head of tokens; null if the text was not looked through for them
 * @param values of the task's columns of numbers, not a number where there is none
 */
public record Example(TextPair text, List<Integer> labels, @Nullable List<EntitySpan> entities, List<Double> values) {
    /** No label for a head: the example teaches it nothing. */
    public static final int UNKNOWN = -1;

    public Example {
        labels = List.copyOf(labels);
        entities = entities == null ? null : List.copyOf(entities);
        values = List.copyOf(values);
        for (int label : labels) {
            if (label < UNKNOWN) {
                throw new IllegalArgumentException(
                        "label is %d but must be an index from 0, or %d".formatted(label, UNKNOWN));
            }
        }
        if (entities == null && labels.stream().allMatch(label -> label == UNKNOWN)) {
            throw new IllegalArgumentException("nothing is known of the example; a label or its entities are needed");
        }
    }

    /** A text with the label of a task's only head. */
    public Example(String text, int label) {
        this(TextPair.of(text), List.of(label), null, List.of());
    }

    /** The class for a head, or {@link #UNKNOWN}. */
    public int label(int head) {
        return labels.get(head);
    }
}
