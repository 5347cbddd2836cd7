package dev.sotto.bert;

/**
 * A named stretch of a text.
 *
 * @param start offset of its first character (UTF-16)
 * @param end offset after its last, above start
 * @param label the kind of entity, an index into the head's labels
 */
public record EntitySpan(int start, int end, int label) {
    public EntitySpan {
        if (start < 0 || end <= start || label < 0) {
            throw new IllegalArgumentException(
                    "an entity from %d to %d of label %d; needed are 0 <= start < end and a label from 0"
                            .formatted(start, end, label));
        }
    }
}
