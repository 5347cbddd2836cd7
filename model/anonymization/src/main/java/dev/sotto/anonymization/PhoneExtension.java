package dev.sotto.anonymization;

/** The extension that may follow a telephone number. */
final class PhoneExtension {
    private static final String[] MARKS = {"extension", "ext.", "ext", "x", "#", "转", "分机"};
    private static final int MOST_DIGITS = 6;

    private PhoneExtension() {}

    /** The offset after the extension, or {@code end} itself where there is none. */
    static int end(String text, int end) {
        int mark = skipSpace(text, end);
        for (String word : MARKS) {
            if (text.regionMatches(true, mark, word, 0, word.length())) {
                int first = skipSpace(text, mark + word.length());
                int last = first;
                while (last - first < MOST_DIGITS && Ascii.digitAt(text, last)) {
                    last++;
                }
                return last > first && !Ascii.wordAt(text, last) ? last : end;
            }
        }
        return end;
    }

    private static int skipSpace(String text, int at) {
        return Ascii.is(text, at, ' ') ? at + 1 : at;
    }
}
