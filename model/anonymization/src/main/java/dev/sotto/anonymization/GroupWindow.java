package dev.sotto.anonymization;

/** Consecutive groups of a {@link DigitRun}: the candidate for one number. */
record GroupWindow(DigitRun run, int from, int to) {
    int start() {
        return run.start(from);
    }

    int end() {
        return run.end(to - 1);
    }

    int groups() {
        return to - from;
    }

    /** The length of the window's group {@code index}, counted from the window's first. */
    int length(int index) {
        return run.length(from + index);
    }

    String text() {
        return run.text();
    }

    /** The digits without separators. */
    String digits() {
        StringBuilder digits = new StringBuilder(24);
        for (int group = from; group < to; group++) {
            digits.append(run.text(), run.start(group), run.end(group));
        }
        return digits.toString();
    }

    /** Whether the groups have exactly these lengths. */
    boolean grouped(int... lengths) {
        if (groups() != lengths.length) {
            return false;
        }
        for (int i = 0; i < lengths.length; i++) {
            if (length(i) != lengths[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether every group has this length, but for the last, which may be shorter. */
    boolean groupedBy(int size) {
        for (int i = 0; i < groups(); i++) {
            if (length(i) != size && (i < groups() - 1 || length(i) > size)) {
                return false;
            }
        }
        return true;
    }

    boolean bare() {
        return groups() == 1;
    }

    /** How many of the two neighbours are ASCII letters, which makes a number part of some longer code. */
    int letterNeighbours() {
        return (Ascii.wordBefore(text(), start()) ? 1 : 0) + (Ascii.wordAt(text(), end()) ? 1 : 0);
    }
}
