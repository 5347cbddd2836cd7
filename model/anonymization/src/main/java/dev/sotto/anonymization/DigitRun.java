package dev.sotto.anonymization;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A maximal sequence of digit groups that are held apart by one to three separators (space, dash, dot, slash,
 * underscore, parentheses). Numbers of every written form are windows over its groups.
 */
final class DigitRun {
    private static final int LONGEST_SEPARATOR = 3;

    private final String text;
    private final int[] bounds;

    private DigitRun(String text, int[] bounds) {
        this.text = text;
        this.bounds = bounds;
    }

    /** All runs of a text, in order. */
    static List<DigitRun> findAll(String text) {
        List<DigitRun> runs = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            if (!Ascii.isDigit(text.charAt(at))) {
                at++;
                continue;
            }
            int[] bounds = new int[8];
            int filled = 0;
            int start = at;
            while (start >= 0) {
                int end = start;
                while (Ascii.digitAt(text, end)) {
                    end++;
                }
                if (filled == bounds.length) {
                    bounds = Arrays.copyOf(bounds, 2 * filled);
                }
                bounds[filled++] = start;
                bounds[filled++] = end;
                at = end;
                start = nextGroup(text, end);
            }
            runs.add(new DigitRun(text, Arrays.copyOf(bounds, filled)));
        }
        return runs;
    }

    private static int nextGroup(String text, int end) {
        for (int at = end; at <= end + LONGEST_SEPARATOR && at < text.length(); at++) {
            char c = text.charAt(at);
            if (Ascii.isDigit(c)) {
                return at;
            }
            if (!isSeparator(c)) {
                return -1;
            }
        }
        return -1;
    }

    static boolean isSeparator(char c) {
        return c == ' ' || c == '-' || c == '.' || c == '/' || c == '_' || c == '(' || c == ')';
    }

    String text() {
        return text;
    }

    int groups() {
        return bounds.length / 2;
    }

    int start(int group) {
        return bounds[2 * group];
    }

    int end(int group) {
        return bounds[2 * group + 1];
    }

    int length(int group) {
        return end(group) - start(group);
    }
}
