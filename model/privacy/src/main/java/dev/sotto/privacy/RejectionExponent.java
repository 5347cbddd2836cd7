package dev.sotto.privacy;

import java.math.BigInteger;

/**
 * The fraction (|y| - sigma^2/t)^2 / (2 sigma^2) in lowest terms, whose negative exponential is the chance that a Laplace proposal y is
 * kept.
 *
 * <p>With sigma^2 = p/q and sigma^2/t = m/r it is (|y| r - m)^2 q / (2 p r^2). At sigma = 2^29 the square leaves 64 bits for an ordinary
 * y, and a silent wrap makes the variance 8.7 % wrong; so the largest y that fits is worked out once and beyond it the arithmetic is
 * of unlimited size.
 */
final class RejectionExponent {
    private static final BigInteger LONG_MAX = BigInteger.valueOf(Long.MAX_VALUE);

    private final BigInteger m;
    private final BigInteger r;
    private final BigInteger factor;
    private final BigInteger denominator;
    /** The largest |y| whose fraction fits two longs; negative when none does. */
    private final long longLimit;

    private final long longM;
    private final long longR;
    private final long longFactor;
    private final long longDenominator;

    private RejectionExponent(BigInteger m, BigInteger r, BigInteger factor, BigInteger denominator) {
        this.m = m;
        this.r = r;
        this.factor = factor;
        this.denominator = denominator;
        BigInteger root = LONG_MAX.divide(factor).sqrt();
        boolean fits = denominator.compareTo(LONG_MAX) <= 0 && m.compareTo(root) <= 0;
        // |(|y| r - m)| is at most the larger of |y| r and m.
        longLimit = fits ? root.divide(r).longValueExact() : -1;
        longM = fits ? m.longValueExact() : 0;
        longR = fits ? r.longValueExact() : 0;
        longFactor = fits ? factor.longValueExact() : 0;
        longDenominator = fits ? denominator.longValueExact() : 0;
    }

    static RejectionExponent of(BigInteger p, BigInteger q, BigInteger t) {
        BigInteger qt = q.multiply(t);
        BigInteger common = p.gcd(qt);
        BigInteger m = p.divide(common);
        BigInteger r = qt.divide(common);
        BigInteger denominator = p.shiftLeft(1).multiply(r.pow(2));
        BigInteger reduce = q.gcd(denominator);
        return new RejectionExponent(m, r, q.divide(reduce), denominator.divide(reduce));
    }

    /** True with probability exp of minus the fraction at magnitude |y|. */
    boolean accepts(long magnitude, RandomWords words) {
        if (magnitude <= longLimit) {
            long distance = magnitude * longR - longM;
            return ExactDraws.bernoulliExp(distance * distance * longFactor, longDenominator, words);
        }
        BigInteger distance = BigInteger.valueOf(magnitude).multiply(r).subtract(m);
        return ExactDraws.bernoulliExp(distance.pow(2).multiply(factor), denominator, words);
    }
}
