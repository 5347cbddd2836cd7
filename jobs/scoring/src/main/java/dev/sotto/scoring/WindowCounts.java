package dev.sotto.scoring;

import java.util.Arrays;

/**
 * The exact counts of a window; they live in state and go nowhere without noise.
 *
 * @param windowStart the window's start, in milliseconds of the epoch
 * @param counts by cell; whoever adds to them does so in a copy
 */
public record WindowCounts(long windowStart, long[] counts) {
    static WindowCounts empty(long windowStart, int cells) {
        return new WindowCounts(windowStart, new long[cells]);
    }

    WindowCounts plus(int cell) {
        long[] more = counts.clone();
        more[cell]++;
        return new WindowCounts(windowStart, more);
    }

    /** The window alone, never a count. */
    @Override
    public String toString() {
        return "WindowCounts[windowStart=%d, %d cells]".formatted(windowStart, counts.length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WindowCounts that
                && windowStart == that.windowStart
                && Arrays.equals(counts, that.counts);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(windowStart) * 31 + Arrays.hashCode(counts);
    }
}
