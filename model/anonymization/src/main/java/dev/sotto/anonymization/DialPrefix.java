package dev.sotto.anonymization;

/** The plus sign and the opening parenthesis that may stand before the first digit of a telephone number. */
final class DialPrefix {
    private DialPrefix() {}

    /**
     * The offset at which a number really starts whose digits cover [{@code digit}, {@code end}): at most two characters
     * before. A parenthesis counts if it closes within the number, not if it encloses all of it.
     */
    static int start(String text, int digit, int end) {
        int plus = Ascii.is(text, digit - 1, '+') ? digit - 1 : digit;
        if (!Ascii.is(text, plus - 1, '(') || !closes(text, digit, end)) {
            return plus;
        }
        int parenthesis = plus - 1;
        return plus == digit && Ascii.is(text, parenthesis - 1, '+') ? parenthesis - 1 : parenthesis;
    }

    private static boolean closes(String text, int digit, int end) {
        for (int at = digit; at < end; at++) {
            if (text.charAt(at) == ')' || text.charAt(at) == '(') {
                return text.charAt(at) == ')';
            }
        }
        return false;
    }
}
