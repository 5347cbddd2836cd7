package dev.sotto.privacy;

import java.math.BigInteger;

/**
 * A real number between 0 and 1 that is known to lie between two multiples of 2^-256.
 *
 * <p>Every operation rounds the lower bound down and the upper bound up, so what is true of all numbers in the result is true of
 * the real one. Immutable.
 *
 * @param low the lower bound times 2^256, not negative
 * @param high the upper bound times 2^256
 */
record UnitInterval(BigInteger low, BigInteger high) {
    /** Bits after the binary point. */
    static final int BITS = 256;

    /** One, exactly, in units of the bounds. */
    static final BigInteger UNITS = BigInteger.ONE.shiftLeft(BITS);

    private static final UnitInterval ONE = new UnitInterval(UNITS, UNITS);

    /** exp(-numerator/denominator); the numerator is at least 0, the denominator at least 1. */
    static UnitInterval expMinus(BigInteger numerator, BigInteger denominator) {
        // exp(-x) = exp(-x / 2^k)^(2^k), with k such that x / 2^k is at most 1/2.
        int k = 0;
        while (numerator.shiftLeft(1).compareTo(denominator.shiftLeft(k)) > 0) {
            k++;
        }
        UnitInterval power = series(ratio(numerator, denominator.shiftLeft(k)));
        for (int i = 0; i < k; i++) {
            power = power.times(power);
        }
        return power;
    }

    /** The Taylor series of exp(-x), x at most 1/2: its terms alternate and shrink, so what is left out is less than the last one. */
    private static UnitInterval series(UnitInterval x) {
        UnitInterval sum = ONE;
        UnitInterval term = ONE;
        for (int j = 1; term.high.compareTo(BigInteger.ONE) > 0; j++) {
            term = term.times(x).over(BigInteger.valueOf(j));
            sum = (j & 1) == 1
                    ? new UnitInterval(sum.low.subtract(term.high), sum.high.subtract(term.low))
                    : new UnitInterval(sum.low.add(term.low), sum.high.add(term.high));
        }
        return new UnitInterval(
                sum.low.subtract(BigInteger.ONE), sum.high.add(BigInteger.ONE).min(UNITS));
    }

    private static UnitInterval ratio(BigInteger numerator, BigInteger denominator) {
        BigInteger scaled = numerator.shiftLeft(BITS);
        return new UnitInterval(scaled.divide(denominator), ceilingOfQuotient(scaled, denominator));
    }

    UnitInterval times(UnitInterval other) {
        return new UnitInterval(
                low.multiply(other.low).shiftRight(BITS),
                // A shift rounds down, so minus the shift of minus rounds up.
                high.multiply(other.high).negate().shiftRight(BITS).negate());
    }

    private UnitInterval over(BigInteger divisor) {
        return new UnitInterval(low.divide(divisor), ceilingOfQuotient(high, divisor));
    }

    private static BigInteger ceilingOfQuotient(BigInteger dividend, BigInteger divisor) {
        return dividend.add(divisor).subtract(BigInteger.ONE).divide(divisor);
    }
}
