package dev.sotto.privacy;

import java.util.function.LongToDoubleFunction;
import org.apache.commons.numbers.gamma.Erfc;

/** Counts of draws in cells of equal width around zero, the tails pooled, beside the cells' exact probabilities. */
final class Histogram {
    private final long[] counts;
    private final double[] probabilities;
    private final long low;
    private final long width;

    /**
     * @param low the least value of the first cell that is not a tail
     * @param cumulative P[Y <= y]
     */
    Histogram(long low, long width, int cells, LongToDoubleFunction cumulative) {
        this.low = low;
        this.width = width;
        this.counts = new long[cells + 2];
        this.probabilities = new double[cells + 2];
        double below = 0;
        for (int i = 0; i <= cells; i++) {
            double upTo = cumulative.applyAsDouble(low + i * width - 1);
            probabilities[i] = upTo - below;
            below = upTo;
        }
        probabilities[cells + 1] = 1 - below;
    }

    /** One cell a value, as far out as n draws are expected to fill a cell ten times. */
    static Histogram perValue(ExactDistribution exact, int n) {
        int reach = 0;
        while (n * exact.at(reach + 1) >= 10) {
            reach++;
        }
        double[] cumulative = new double[2 * exact.bound() + 2];
        for (int y = -exact.bound(); y <= exact.bound(); y++) {
            cumulative[y + exact.bound() + 1] = cumulative[y + exact.bound()] + exact.at(y);
        }
        // The pooled tails may be too thin for the chi-square approximation, so the outermost value joins them.
        int inner = Math.max(reach - 1, 0);
        return new Histogram(-inner, 1, 2 * inner + 1, y -> cumulative[(int) y + exact.bound() + 1]);
    }

    /** Cells of an eighth of sigma, up to four sigma, for the Gaussian of a large sigma, a multiple of 8. */
    static Histogram eighths(long sigma) {
        // Summing over a cell of integers is integrating between half-integers, up to a term of order sigma^-2.
        return new Histogram(-4 * sigma, sigma / 8, 64, y -> Erfc.value(-(y + 0.5) / (sigma * Math.sqrt(2))) / 2);
    }

    Histogram fill(IntegerNoise noise, int n, RandomWords words) {
        for (int i = 0; i < n; i++) {
            add(noise.sample(words));
        }
        return this;
    }

    void add(long... values) {
        for (long value : values) {
            add(value);
        }
    }

    private void add(long value) {
        long cell = Math.floorDiv(value - low, width) + 1;
        counts[(int) Math.max(0, Math.min(counts.length - 1, cell))]++;
    }

    double gTest() {
        return GoodnessOfFit.gTest(counts, probabilities);
    }

    /** The test that both come from one distribution, whichever it is. */
    double gTest(Histogram other) {
        return GoodnessOfFit.gTest(counts, other.counts);
    }

    double chiSquare() {
        return GoodnessOfFit.chiSquare(counts, probabilities);
    }
}
