package dev.sotto.privacy;

import java.util.Arrays;

/**
 * Poisson sampling: every unit by its own coin, as accountants of sampled mechanisms assume. Samples differ in size and can be
 * empty. Immutable and thread-safe.
 */
public final class PoissonSampler {
    private static final double WORDS = 0x1p63;

    private final boolean everyone;
    private final long bound;

    /**
     * @param rate the chance of each unit, in (0, 1]; the chance drawn is this rounded down to a multiple of 2^-63
     */
    public PoissonSampler(double rate) {
        if (!(rate > 0 && rate <= 1)) {
            throw new IllegalArgumentException("sampling rate must lie in (0, 1], got " + rate);
        }
        this.everyone = rate == 1;
        this.bound = (long) (rate * WORDS);
    }

    /**
     * Draws a sample.
     *
     * @param units how many there are, 0 or more
     * @return the numbers of those drawn, ascending, each from 0 to units - 1
     */
    public int[] draw(int units, RandomWords words) {
        int[] drawn = new int[units];
        int count = 0;
        for (int unit = 0; unit < units; unit++) {
            if (everyone || words.nextLong() >>> 1 < bound) {
                drawn[count++] = unit;
            }
        }
        return Arrays.copyOf(drawn, count);
    }
}
