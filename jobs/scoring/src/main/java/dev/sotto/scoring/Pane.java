package dev.sotto.scoring;

/**
 * The counts of one slide of event time.
 *
 * @param end the end of the slide, in milliseconds, exclusive
 * @param messages messages in it
 * @param negatives negative ones among them
 * @param surging whether a surge was on while the pane was in the window; such a pane never reaches the baseline
 */
public record Pane(long end, long messages, long negatives, boolean surging) {
    Pane plus(boolean negative) {
        return new Pane(end, messages + 1, negatives + (negative ? 1 : 0), surging);
    }

    Pane whileSurging() {
        return new Pane(end, messages, negatives, true);
    }
}
