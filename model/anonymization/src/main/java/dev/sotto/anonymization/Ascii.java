package dev.sotto.anonymization;

/**
 * The ASCII view of a character and of its neighbours. A regular expression's word boundary does not exist between a
 * digit and a Chinese character, so neighbours are looked at directly: only ASCII letters and digits continue a token.
 */
final class Ascii {
    private Ascii() {}

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    static boolean isLetterOrDigit(char c) {
        return isDigit(c) || isLetter(c);
    }

    static boolean isHex(char c) {
        return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }

    static char upper(char c) {
        return c >= 'a' && c <= 'z' ? (char) (c - 'a' + 'A') : c;
    }

    /** Whether the character before {@code index} is an ASCII letter or digit. */
    static boolean wordBefore(String text, int index) {
        return index > 0 && isLetterOrDigit(text.charAt(index - 1));
    }

    /** Whether the character at {@code index} exists and is an ASCII letter or digit. */
    static boolean wordAt(String text, int index) {
        return index < text.length() && isLetterOrDigit(text.charAt(index));
    }

    /** Whether the character at {@code index} exists and is this one. */
    static boolean is(String text, int index, char expected) {
        return index >= 0 && index < text.length() && text.charAt(index) == expected;
    }

    /** Whether the character at {@code index} exists and is a digit. */
    static boolean digitAt(String text, int index) {
        return index >= 0 && index < text.length() && isDigit(text.charAt(index));
    }
}
