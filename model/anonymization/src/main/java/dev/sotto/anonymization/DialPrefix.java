package dev.sotto.anonymization;

/** The plus sign and the opening parenthesis that may stand before the first digit of a telephone number. */
final class DialPrefix {
    private DialPrefix() {}

    /** The offset at which a number really starts whose first digit is at {@code digit}: at most two characters before. */
    static int start(String text, int digit) {
        int start = digit;
        if (Ascii.is(text, start - 1, '+')) {
            start--;
        }
        if (Ascii.is(text, start - 1, '(')) {
            start--;
        }
        if (start < digit && text.charAt(start) == '(' && Ascii.is(text, start - 1, '+')) {
            start--;
        }
        return start;
    }
}
