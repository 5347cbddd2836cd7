package dev.sotto.anonymization;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A text folded to the characters that recognizers understand, with a map back to the original's UTF-16 offsets.
 *
 * <p>Every character of the normalized text stands for one code point of the original; invisible characters stand for
 * nothing and belong to whatever surrounds them. Unpaired surrogates and null characters pass through. Immutable.
 */
public final class NormalizedText {
    private final String original;
    private final String value;

    /** Original offset of each normalized character and, last, the original's length; null where the map is identity. */
    private final int @Nullable [] starts;

    private NormalizedText(String original, String value, int @Nullable [] starts) {
        this.original = original;
        this.value = value;
        this.starts = starts;
    }

    /** Normalizes a text in one pass. */
    public static NormalizedText of(String original) {
        char[] folded = new char[original.length()];
        int @Nullable [] starts = null;
        int length = 0;
        boolean changed = false;
        for (int at = 0; at < original.length(); ) {
            char first = original.charAt(at);
            int codePoint = Character.isHighSurrogate(first) ? original.codePointAt(at) : first;
            int width = Character.charCount(codePoint);
            int fold = AsciiFold.fold(codePoint);
            boolean narrower = fold == AsciiFold.DROPPED || Character.charCount(fold) < width;
            if (narrower && starts == null) {
                starts = identity(original.length() + 1, length);
            }
            changed |= fold != codePoint;
            if (fold != AsciiFold.DROPPED) {
                int units = Character.toChars(fold, folded, length);
                for (int unit = 0; starts != null && unit < units; unit++) {
                    starts[length + unit] = at + unit;
                }
                length += units;
            }
            at += width;
        }
        if (!changed) {
            return new NormalizedText(original, original, null);
        }
        if (starts != null) {
            starts = Arrays.copyOf(starts, length + 1);
            starts[length] = original.length();
        }
        return new NormalizedText(original, new String(folded, 0, length), starts);
    }

    private static int[] identity(int capacity, int filled) {
        int[] starts = new int[capacity];
        for (int i = 0; i < filled; i++) {
            starts[i] = i;
        }
        return starts;
    }

    /** The normalized characters. */
    public String value() {
        return value;
    }

    /** The number of normalized characters. */
    public int length() {
        return value.length();
    }

    /** The original UTF-16 offset at which the normalized character {@code index} starts. */
    public int originalStart(int index) {
        return starts == null ? index : starts[index];
    }

    /** The original UTF-16 offset after the last normalized character before {@code index}, which is at least 1. */
    public int originalEnd(int index) {
        if (starts == null) {
            return index;
        }
        int last = starts[index - 1];
        boolean pair = Character.isHighSurrogate(original.charAt(last))
                && last + 1 < original.length()
                && Character.isLowSurrogate(original.charAt(last + 1));
        return pair && starts[index] != last + 1 ? last + 2 : last + 1;
    }

    /** A description without any of the text. */
    @Override
    public String toString() {
        return "NormalizedText[length=" + value.length() + "]";
    }
}
