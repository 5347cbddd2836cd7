package dev.sotto.privacy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * The Poisson distribution of a rational mean, drawn from a table at a known and negligible statistical distance, in integers alone.
 *
 * <p>From the mode m the integers are cut into blocks of B on either side, B a power of two and at most sigma/64 (B = 1 below sigma 128). A
 * block is drawn from an {@link AliasTable} with probability proportional to the weight of its integer nearest to m; then a place l in it, evenly; and the
 * integer is kept with the ratio of its weight to that one: a product of l factors mean/(y+1) to the right, y/mean to the left, all at
 * most 1. As most ratios are near 1, a lower bound that the whole block shares decides nearly always, and the product is worked
 * out once in about a hundred draws.
 *
 * <p><b>Distance.</b> Weights are in units of 2^-256 of the mode's. A step to the next integer multiplies by a ratio of at most 1 and rounds
 * down, so it adds at most one unit to the error: after s steps a weight is between what was computed and s units more. Weights are
 * log-concave, so what is left out on a side, beyond the first block below 2^-130, is at most a geometric series. The product is rounded down to 128 bits, each of
 * its at most B steps adding at most one unit of 2^-128 to the error of the chance to keep. With d the distance of the block and e that error, the result is
 * within 3/2 (d + e) / Z, Z being the chance to keep, of the distribution; Z is above 3/4 as for {@link DiscreteGaussianTable}.
 * Immutable and thread-safe.
 */
final class PoissonTable {
    /** The largest mean: of a standard deviation of 2^16.5. */
    static final long MAX_MEAN = 1L << 33;

    private static final int LOG_BLOCKS = 6;
    private static final int RATIO_BITS = 2 * Long.SIZE;
    private static final BigInteger NEGLIGIBLE = BigInteger.ONE.shiftLeft(UnitInterval.BITS - 130);
    private static final BigInteger LARGEST_WORD =
            BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE);

    private final BigInteger numerator;
    private final BigInteger denominator;
    private final long mode;
    private final int blockBits;
    private final int blocksToTheRight;
    private final AliasTable blocks;
    /** For every block an unsigned bound: a first word below it keeps any integer of the block. */
    private final long[] keptAtOnce;

    private PoissonTable(BigInteger numerator, BigInteger denominator) {
        this.numerator = numerator;
        this.denominator = denominator;
        this.mode = numerator.divide(denominator).longValueExact();
        int log = BigInteger.valueOf(mode).sqrt().bitLength() - 1;
        this.blockBits = Math.max(0, log - LOG_BLOCKS);
        Side right = side(true);
        Side left = side(false);
        this.blocksToTheRight = right.weights.size();
        List<BigInteger> weights = new ArrayList<>(right.weights);
        weights.addAll(left.weights);
        this.blocks = AliasTable.of(weights, right.error.add(left.error));
        this.keptAtOnce = new long[weights.size()];
        right.bounds(keptAtOnce, 0);
        left.bounds(keptAtOnce, blocksToTheRight);
    }

    /**
     * The table of a mean.
     *
     * @param numerator at least 1
     * @param denominator at least 1; the quotient is at most {@link #MAX_MEAN}
     */
    static PoissonTable ofMean(BigInteger numerator, BigInteger denominator) {
        BigInteger common = numerator.gcd(denominator);
        return new PoissonTable(numerator.divide(common), denominator.divide(common));
    }

    /**
     * The blocks on one side of the mode.
     *
     * @param weights the weight of each block's first integer, rounded down
     * @param next the weight of the first block beyond, rounded down; zero where the integers end
     * @param error a bound on the error of all weights, those left out included
     * @param steps a bound on the error of one weight
     */
    private record Side(List<BigInteger> weights, BigInteger next, BigInteger error, BigInteger steps) {
        void bounds(long[] keptAtOnce, int from) {
            for (int i = 0; i < weights.size(); i++) {
                BigInteger least = i + 1 < weights.size() ? weights.get(i + 1) : next;
                BigInteger bound =
                        least.shiftLeft(Long.SIZE).divide(weights.get(i).add(steps));
                keptAtOnce[from + i] = bound.min(LARGEST_WORD).longValue();
            }
        }
    }

    private Side side(boolean right) {
        List<BigInteger> weights = new ArrayList<>();
        // The left side begins one below the mode.
        BigInteger weight = right || mode == 0 ? UnitInterval.UNITS : below(UnitInterval.UNITS, mode);
        long first = right ? mode : mode - 1;
        long steps = right ? 0 : 1;
        BigInteger before = UnitInterval.UNITS;
        BigInteger error = BigInteger.ZERO;
        while (first >= 0 && weight.compareTo(NEGLIGIBLE) >= 0) {
            weights.add(weight);
            error = error.add(BigInteger.valueOf(steps));
            before = weight;
            for (int i = 0; i < 1 << blockBits; i++) {
                weight = right ? above(weight, first + i) : below(weight, first - i);
            }
            first += right ? 1L << blockBits : -(1L << blockBits);
            steps += 1L << blockBits;
        }
        if (first >= 0) {
            error = error.add(tail(weight.add(BigInteger.valueOf(steps)), before));
        }
        return new Side(weights, first >= 0 ? weight : BigInteger.ZERO, error, BigInteger.valueOf(steps));
    }

    /** The geometric series of ratio first/before: first^2/(before - first) and what precedes it, rounded up. */
    private static BigInteger tail(BigInteger first, BigInteger before) {
        return first.multiply(before).divide(before.subtract(first)).add(BigInteger.ONE);
    }

    /** The weight of y + 1 from that of y. */
    private BigInteger above(BigInteger weight, long y) {
        return weight.multiply(numerator).divide(denominator.multiply(BigInteger.valueOf(y + 1)));
    }

    /** The weight of y - 1 from that of y; zero below zero. */
    private BigInteger below(BigInteger weight, long y) {
        return y <= 0
                ? BigInteger.ZERO
                : weight.multiply(denominator).multiply(BigInteger.valueOf(y)).divide(numerator);
    }

    /** One draw. */
    long sample(RandomWords words) {
        while (true) {
            int block = blocks.drawWithBit(words) >>> 1;
            boolean right = block < blocksToTheRight;
            long first = right
                    ? mode + ((long) block << blockBits)
                    : mode - 1 - ((long) (block - blocksToTheRight) << blockBits);
            if (blockBits == 0) {
                return first;
            }
            long place = words.nextLong() & (1L << blockBits) - 1;
            long coin = words.nextLong();
            if (Long.compareUnsigned(coin, keptAtOnce[block]) < 0 || keeps(right, first, place, coin, words)) {
                return right ? first + place : first - place;
            }
        }
    }

    private boolean keeps(boolean right, long first, long place, long coin, RandomWords words) {
        BigInteger ratio = BigInteger.ONE.shiftLeft(RATIO_BITS);
        for (long i = 0; i < place; i++) {
            ratio = right ? above(ratio, first + i) : below(ratio, first - i);
        }
        BigInteger position = unsigned(coin).shiftLeft(Long.SIZE).or(unsigned(words.nextLong()));
        return position.compareTo(ratio) < 0;
    }

    private static BigInteger unsigned(long word) {
        BigInteger value = BigInteger.valueOf(word);
        return word < 0 ? value.add(BigInteger.ONE.shiftLeft(Long.SIZE)) : value;
    }

    /** A bound on the total variation distance between one draw and the distribution. */
    double distance() {
        return blockBits == 0 ? blocks.distance() : 2 * (blocks.distance() + Math.scalb(1.0, blockBits - RATIO_BITS));
    }
}
