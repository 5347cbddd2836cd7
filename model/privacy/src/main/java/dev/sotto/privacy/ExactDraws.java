package dev.sotto.privacy;

import java.math.BigInteger;

/**
 * Exact uniform and Bernoulli(exp(-a/b)) draws from a stream of words.
 *
 * <p>Canonne, Kamath, Steinke, <i>The Discrete Gaussian for Differential Privacy</i> (2020), algorithm 1: the exponential is never
 * evaluated; its Taylor series is walked with fair comparisons of integers.
 */
final class ExactDraws {
    private ExactDraws() {}

    /**
     * Uniform on 0 to bound - 1: the high word of bound times a word, refusing so many low words that every result has equally many left (Lemire,
     * <i>Fast Random Integer Generation in an Interval</i>, 2019, algorithm 5).
     */
    static long below(long bound, RandomWords words) {
        if (bound == 1) {
            return 0;
        }
        long word = words.nextLong();
        if (Long.compareUnsigned(word * bound, bound) < 0) {
            long refused = Long.remainderUnsigned(-bound, bound);
            while (Long.compareUnsigned(word * bound, refused) < 0) {
                word = words.nextLong();
            }
        }
        // The word is unsigned: where it counts as negative the product is bound too small.
        return Math.multiplyHigh(word, bound) + (word >> (Long.SIZE - 1) & bound);
    }

    /** Uniform on 0 to bound - 1, by rejection, for any size. */
    static BigInteger below(BigInteger bound, RandomWords words) {
        int bits = bound.subtract(BigInteger.ONE).bitLength();
        BigInteger draw;
        do {
            draw = bits(bits, words);
        } while (draw.compareTo(bound) >= 0);
        return draw;
    }

    private static BigInteger bits(int bits, RandomWords words) {
        byte[] magnitude = new byte[(bits + 7) / 8];
        for (int i = 0; i < magnitude.length; i++) {
            magnitude[i] = (byte) words.nextLong();
        }
        return new BigInteger(1, magnitude).shiftRight(magnitude.length * 8 - bits);
    }

    /** True with probability exp(-a/b); a at least 0, b at least 1. */
    static boolean bernoulliExp(long a, long b, RandomWords words) {
        long rest = a;
        while (rest > b) {
            if (!bernoulliExpOfOne(words)) {
                return false;
            }
            rest -= b;
        }
        long k = 1;
        while (below(b, words) < rest && below(k, words) == 0) {
            k++;
        }
        return (k & 1) == 1;
    }

    /** True with probability exp(-a/b), for any size. */
    static boolean bernoulliExp(BigInteger a, BigInteger b, RandomWords words) {
        BigInteger rest = a;
        while (rest.compareTo(b) > 0) {
            if (!bernoulliExpOfOne(words)) {
                return false;
            }
            rest = rest.subtract(b);
        }
        long k = 1;
        while (below(b, words).compareTo(rest) < 0 && below(k, words) == 0) {
            k++;
        }
        return (k & 1) == 1;
    }

    /** True with probability exp(-1). */
    static boolean bernoulliExpOfOne(RandomWords words) {
        long k = 1;
        while (below(k, words) == 0) {
            k++;
        }
        return (k & 1) == 1;
    }

    /** How often Bernoulli(exp(-1)) comes true before it first fails. */
    static long geometricExpOfOne(RandomWords words) {
        long count = 0;
        while (bernoulliExpOfOne(words)) {
            count++;
        }
        return count;
    }
}
