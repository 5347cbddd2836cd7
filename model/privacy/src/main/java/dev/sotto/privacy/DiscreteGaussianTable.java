package dev.sotto.privacy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The discrete Gaussian distribution drawn from a table: many times faster than {@link DiscreteGaussian}, at a statistical distance
 * from it that is known, far below 2^-64 a sample, and to be charged to delta.
 *
 * <p>Magnitudes are cut into blocks of B = 2^b integers, B at most sigma/64 (B = 1 below sigma 128). A block is drawn from an {@link AliasTable} with
 * probability proportional to W(h) = exp(-(hB)^2 / (2 sigma^2)), the weight of its first integer; then a sign, then the place l in the block,
 * evenly; and y = hB + l is kept with probability exp(-l(2hB + l) / (2 sigma^2)), which {@link ExactDraws} decides exactly. W(h) times that is
 * exp(-y^2 / (2 sigma^2)), and minus zero is refused, so but for the rounding of the table the result is the discrete Gaussian.
 * With B = 1 nothing is ever refused: zero has half the weight of the others in the table instead.
 *
 * <p><b>Distance.</b> W is computed in intervals of width about 2^-240 ({@link UnitInterval}) until it falls below 2^-130; as
 * W(h+1)/W(h) falls with h, what is left out is at most a geometric series. {@link AliasTable#distance()} is then a proved bound d on the distance of the block
 * drawn. Let Z be the chance that a proposal is kept; an event that depends on the block changes its chance by at most d, so
 * for the values kept the distance is at most 3d/(2Z). A block's integers weigh at least B W(h+1), so Z is at least 1 - 2 / (sum of all W), which
 * is above 3/4 wherever B is above 1; hence {@link #statisticalDistance()} is 2d.
 *
 * <p>Canonne, Kamath, Steinke (2020) for the distribution; the split into a coarse table and exactly refused low bits follows Karney,
 * <i>Sampling Exactly from the Normal Distribution</i> (2016). Running time depends on the values drawn: who can time single draws where noise is
 * made learns about it. That is out of scope here, as such an observer of a server or a site is. Immutable and thread-safe; no
 * method but the factories allocates.
 */
public final class DiscreteGaussianTable implements IntegerNoise {
    /** Blocks a standard deviation, at least: 2^6. */
    private static final int LOG_BLOCKS = 6;

    /** Blocks weigh less than 2^-130 from here on, in units of the smallest block: sqrt(2 * 130 ln 2) sigma are 1719 of them. */
    private static final int MOST_BLOCKS = 1 << 11;

    private static final BigInteger NEGLIGIBLE = BigInteger.ONE.shiftLeft(UnitInterval.BITS - 130);
    private static final BigInteger LONG_BOUND = BigInteger.ONE.shiftLeft(62);

    private final DiscreteGaussian distribution;
    private final AliasTable blocks;
    private final int blockBits;
    private final long offsets;
    private final long factor;
    private final long twiceVariance;

    private DiscreteGaussianTable(DiscreteGaussian distribution) {
        this.distribution = distribution;
        this.blockBits = blockBits(distribution);
        this.offsets = (1L << blockBits) - 1;
        // Used only with blocks of more than one integer, where covers() has seen that they fit.
        this.factor = distribution.varianceDenominator().longValue();
        this.twiceVariance = distribution.varianceNumerator().shiftLeft(1).longValue();
        this.blocks = blocks(distribution, blockBits);
    }

    /**
     * The table of a distribution.
     *
     * @throws IllegalArgumentException if {@link #covers} says no
     */
    public static DiscreteGaussianTable of(DiscreteGaussian distribution) {
        if (!covers(distribution)) {
            throw new IllegalArgumentException(
                    "a table reaches sigma 2^30, got " + distribution + ": sample it exactly, or lower the scale");
        }
        return new DiscreteGaussianTable(distribution);
    }

    /** Whether there is a table: for every sigma of {@link DiscreteGaussian#ofSigma} up to 2^30. */
    public static boolean covers(DiscreteGaussian distribution) {
        int bits = blockBits(distribution);
        BigInteger largest =
                distribution.varianceDenominator().shiftLeft(2 * bits + 1).multiply(BigInteger.valueOf(MOST_BLOCKS));
        return bits == 0
                || (largest.compareTo(LONG_BOUND) <= 0
                        && distribution.varianceNumerator().shiftLeft(1).compareTo(LONG_BOUND) <= 0);
    }

    private static int blockBits(DiscreteGaussian distribution) {
        BigInteger sigma = distribution
                .varianceNumerator()
                .divide(distribution.varianceDenominator())
                .sqrt();
        return Math.max(0, sigma.bitLength() - 1 - LOG_BLOCKS);
    }

    private static AliasTable blocks(DiscreteGaussian distribution, int blockBits) {
        // W(h) = exp(-c h^2) by W(h+1) = W(h) r(h), r(h+1) = r(h) exp(-2c).
        UnitInterval ratio = UnitInterval.expMinus(
                distribution.varianceDenominator().shiftLeft(2 * blockBits),
                distribution.varianceNumerator().shiftLeft(1));
        UnitInterval step = ratio.times(ratio);
        UnitInterval weight = new UnitInterval(UnitInterval.UNITS, UnitInterval.UNITS);
        List<BigInteger> weights = new ArrayList<>();
        BigInteger error = BigInteger.ZERO;
        // Twice the weight of all but, with blocks of one, zero: everything in half units.
        int doubled = blockBits == 0 ? 0 : 1;
        do {
            weights.add(weight.low().shiftLeft(doubled));
            error = error.add(weight.high().subtract(weight.low()).shiftLeft(doubled));
            doubled = 1;
            weight = weight.times(ratio);
            ratio = ratio.times(step);
        } while (weight.high().compareTo(NEGLIGIBLE) >= 0);
        // The rest is at most W(n) / (1 - r(n)), times two for the doubling.
        BigInteger tail = weight.high()
                .shiftLeft(UnitInterval.BITS + 1)
                .divide(UnitInterval.UNITS.subtract(ratio.high()))
                .add(BigInteger.ONE);
        return AliasTable.of(weights, error.add(tail));
    }

    /** {@inheritDoc} */
    @Override
    public long sample(RandomWords words) {
        return blockBits == 0 ? single(words) : blocked(words);
    }

    private long single(RandomWords words) {
        int draw = blocks.drawWithBit(words);
        return signed(draw >>> 1, draw & 1);
    }

    private long blocked(RandomWords words) {
        while (true) {
            int draw = blocks.drawWithBit(words);
            long first = (long) (draw >>> 1) << blockBits;
            long offset = words.nextLong() & offsets;
            long magnitude = first + offset;
            if (ExactDraws.bernoulliExp(offset * (first + magnitude) * factor, twiceVariance, words)
                    && (magnitude | (draw & 1) ^ 1) != 0) {
                return signed(magnitude, draw & 1);
            }
        }
    }

    private static long signed(long magnitude, int negative) {
        return (magnitude ^ -(long) negative) + negative;
    }

    /**
     * Writes one draw to each of some entries.
     *
     * @throws IndexOutOfBoundsException if the range is not inside the array
     */
    public void fill(long[] target, int from, int count, RandomWords words) {
        Objects.checkFromIndexSize(from, count, target.length);
        for (int i = from; i < from + count; i++) {
            target[i] = sample(words);
        }
    }

    /**
     * Writes one draw, mod 2^32, to each of some entries.
     *
     * @throws IndexOutOfBoundsException if the range is not inside the array
     */
    public void fill(int[] target, int from, int count, RandomWords words) {
        Objects.checkFromIndexSize(from, count, target.length);
        for (int i = from; i < from + count; i++) {
            target[i] = (int) sample(words);
        }
    }

    // As the default, but in a loop of its own, into which the compiler can put the one sampler it meets there.
    @Override
    public void addTo(int[] slice, RandomWords words) {
        for (int i = 0; i < slice.length; i++) {
            slice[i] += (int) sample(words);
        }
    }

    /** A bound on the total variation distance between one sample and the distribution; of m samples, m times as much. */
    public double statisticalDistance() {
        return blockBits == 0 ? blocks.distance() : 2 * blocks.distance();
    }

    /**
     * What a release of so many samples adds to delta: a mechanism within distance d of an (epsilon, delta) one is (epsilon, delta + (1 +
     * e^epsilon) d).
     */
    public double deltaOf(long samples, double epsilon) {
        Preconditions.between("samples", samples, 0, Long.MAX_VALUE);
        Preconditions.notNegative("epsilon", epsilon);
        return Math.min(1, samples * (1 + Math.exp(epsilon)) * statisticalDistance());
    }

    /** The sigma sampled from, as {@link DiscreteGaussian#sigma()}. */
    public double sigma() {
        return distribution.sigma();
    }

    /** Another name than the exact sampler's: the two make different noise of one stream, so they never share a key. */
    @Override
    public String mechanism() {
        return "discrete-gaussian-table";
    }

    /** The reduced variance, {@code numerator/denominator}. */
    @Override
    public String parameters() {
        return distribution.parameters();
    }

    @Override
    public String toString() {
        return "DiscreteGaussianTable[variance=" + parameters() + "]";
    }
}
