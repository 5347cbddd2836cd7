package dev.sotto.privacy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * A distribution on 0 to n - 1 whose probabilities are multiples of 2^-127, drawn by Walker's alias method: one word, one look-up and
 * one comparison a draw, and a second word once in 2^50 draws.
 *
 * <p>The table is built in integers (Vose, <i>A Linear Algorithm for Generating Random Numbers with a Given Distribution</i>, 1991), every column holding
 * exactly 2^127 / columns, so a draw has exactly the rounded probabilities. {@link #distance()} bounds how far those are from
 * the ones asked for. Immutable and thread-safe.
 */
final class AliasTable {
    /** The most outcomes. */
    static final int MAX_OUTCOMES = 1 << 12;

    private static final int RESOLUTION = 127;
    private static final BigInteger LOW_WORD =
            BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE);
    private static final MathContext UPWARD = new MathContext(20, RoundingMode.CEILING);

    private final int shift;
    private final long rest;
    /** The share of a column that is its own outcome's: the bits that the first word is compared to, and those of the second. */
    private final long[] high;

    private final long[] low;
    private final char[] alias;
    private final double distance;

    private AliasTable(BigInteger[] probabilities, double distance) {
        int columns = probabilities.length;
        this.shift = Long.SIZE - Integer.numberOfTrailingZeros(columns);
        this.rest = (1L << (shift - 1)) - 1;
        this.high = new long[columns];
        this.low = new long[columns];
        this.alias = new char[columns];
        this.distance = distance;
        share(probabilities);
    }

    /**
     * The distribution proportional to some weights.
     *
     * @param weights as computed, not negative, in any unit
     * @param error in that unit, a bound on the sum over all outcomes of the difference between computed and true weight,
     *     outcomes that were left out included
     */
    static AliasTable of(List<BigInteger> weights, BigInteger error) {
        int n = weights.size();
        Preconditions.between("number of outcomes", n, 1, MAX_OUTCOMES);
        BigInteger total = weights.stream().reduce(BigInteger.ZERO, BigInteger::add);
        BigInteger[] probabilities = new BigInteger[Math.max(2, Integer.highestOneBit(2 * n - 1))];
        Arrays.fill(probabilities, BigInteger.ZERO);
        BigInteger left = BigInteger.ONE.shiftLeft(RESOLUTION);
        int largest = 0;
        for (int i = 0; i < n; i++) {
            probabilities[i] = weights.get(i).shiftLeft(RESOLUTION).divide(total);
            left = left.subtract(probabilities[i]);
            largest = probabilities[i].compareTo(probabilities[largest]) > 0 ? i : largest;
        }
        probabilities[largest] = probabilities[largest].add(left);
        return new AliasTable(probabilities, distance(n, total, error));
    }

    /**
     * Rounding down takes less than one unit from each of n probabilities and gives it to one: at most n 2^-127. For weights w and
     * computed ones v with sums S and V, half the sum of |v/V - w/S| is at most half of (sum |v - w| / V + |S - V| / V), so at most sum |v - w| / V.
     */
    private static double distance(int n, BigInteger total, BigInteger error) {
        BigDecimal rounding = new BigDecimal(n).divide(new BigDecimal(BigInteger.ONE.shiftLeft(RESOLUTION)), UPWARD);
        BigDecimal weights = new BigDecimal(error).divide(new BigDecimal(total), UPWARD);
        return Math.nextUp(rounding.add(weights, UPWARD).doubleValue());
    }

    private void share(BigInteger[] rest) {
        BigInteger column = BigInteger.ONE.shiftLeft(RESOLUTION).divide(BigInteger.valueOf(rest.length));
        Deque<Integer> poor = new ArrayDeque<>();
        Deque<Integer> rich = new ArrayDeque<>();
        for (int i = 0; i < rest.length; i++) {
            alias[i] = (char) i;
            (rest[i].compareTo(column) < 0 ? poor : rich).push(i);
        }
        while (!poor.isEmpty()) {
            int taker = poor.pop();
            int giver = rich.element();
            high[taker] = rest[taker].shiftRight(Long.SIZE).longValueExact();
            low[taker] = rest[taker].and(LOW_WORD).longValue();
            alias[taker] = (char) giver;
            rest[giver] = rest[giver].subtract(column.subtract(rest[taker]));
            if (rest[giver].compareTo(column) < 0) {
                poor.push(rich.pop());
            }
        }
    }

    /** A bound on the total variation distance between a draw and the distribution asked for. */
    double distance() {
        return distance;
    }

    /** Twice the outcome drawn, plus a fair bit that is independent of it. */
    int drawWithBit(RandomWords words) {
        long word = words.nextLong();
        int column = (int) (word >>> shift);
        long position = word >>> 1 & rest;
        long own = high[column];
        boolean keep = position == own ? keepsByLowWord(column, words) : position < own;
        return (keep ? column : alias[column]) << 1 | (int) word & 1;
    }

    private boolean keepsByLowWord(int column, RandomWords words) {
        return Long.compareUnsigned(words.nextLong(), low[column]) < 0;
    }
}
