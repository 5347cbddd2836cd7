package dev.sotto.bert;

/**
 * What a model reads: a text, and behind it where the model judges pairs another, for example the entity that is asked
 * about.
 *
 * @param second empty if there is none
 */
public record TextPair(String first, String second) {
    /** A text alone. */
    public static TextPair of(String text) {
        return new TextPair(text, "");
    }

    /** Whether there is a second text. */
    public boolean isPair() {
        return !second.isEmpty();
    }
}
