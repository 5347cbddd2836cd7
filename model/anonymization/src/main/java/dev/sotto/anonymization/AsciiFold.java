package dev.sotto.anonymization;

/**
 * The folding of look-alike characters to ASCII that recognizers rely on: full-width forms, decimal digits of any
 * script, spaces, dashes and middle dots. It is deliberately not NFKC, which would also turn a circled or superscript
 * digit into a digit and so invent numbers.
 */
final class AsciiFold {
    /** Stands for a character that is invisible and is left out. */
    static final int DROPPED = -1;

    private static final int FULL_WIDTH_FIRST = 0xFF01;
    private static final int FULL_WIDTH_LAST = 0xFF5E;
    private static final int FULL_WIDTH_OFFSET = 0xFEE0;

    private AsciiFold() {}

    /** The character to read instead of this code point: ASCII, itself, or {@link #DROPPED}. */
    static int fold(int codePoint) {
        if (codePoint < 0x80) {
            return codePoint;
        }
        if (codePoint >= FULL_WIDTH_FIRST && codePoint <= FULL_WIDTH_LAST) {
            return codePoint - FULL_WIDTH_OFFSET;
        }
        if (codePoint >= 0x4E00 && codePoint <= 0x9FFF) {
            return codePoint;
        }
        if (isDash(codePoint)) {
            return '-';
        }
        if (isMiddleDot(codePoint)) {
            return '.';
        }
        return switch (Character.getType(codePoint)) {
            case Character.DECIMAL_DIGIT_NUMBER -> '0' + Character.digit(codePoint, 10);
            case Character.SPACE_SEPARATOR -> ' ';
            case Character.FORMAT -> DROPPED;
            default -> isVariationSelector(codePoint) ? DROPPED : codePoint;
        };
    }

    private static boolean isDash(int codePoint) {
        return (codePoint >= 0x2010 && codePoint <= 0x2015)
                || codePoint == 0x2212
                || codePoint == 0x2043
                || codePoint == 0xFE58
                || codePoint == 0xFE63;
    }

    private static boolean isMiddleDot(int codePoint) {
        return codePoint == 0x00B7
                || codePoint == 0x2022
                || codePoint == 0x2024
                || codePoint == 0x2027
                || codePoint == 0x30FB
                || codePoint == 0xFF65;
    }

    private static boolean isVariationSelector(int codePoint) {
        return codePoint >= 0xFE00 && codePoint <= 0xFE0F;
    }
}
