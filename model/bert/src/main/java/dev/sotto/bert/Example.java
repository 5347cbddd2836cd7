package dev.sotto.bert;

/**
 * A labelled text.
 *
 * @param text the text as the model is to read it
 * @param label the class, an index into the task's labels
 */
public record Example(String text, int label) {
    public Example {
        if (label < 0) {
            throw new IllegalArgumentException("label is " + label + " but must be an index from 0");
        }
    }
}
