package dev.sotto.secagg;

/**
 * The field GF(2^16) with reduction polynomial x^16 + x^12 + x^3 + x + 1 (0x1100B), four elements to a {@code long}.
 * Addition is exclusive or. The four elements are secret and the factor they are multiplied by is public: which
 * instructions run depends on the factor alone, and there is no table.
 */
final class Gf65536 {
    static final int POLYNOMIAL = 0x1100B;
    static final int BITS = 16;

    /** Elements in a {@code long}. */
    static final int LANES = Long.SIZE / BITS;

    private static final long LOWEST_BITS = 0x0001_0001_0001_0001L;
    private static final long ALL_BUT_HIGHEST = 0x7FFF_7FFF_7FFF_7FFFL;

    private Gf65536() {}

    /** Multiplies each of the four elements by a public one. */
    static long multiply(long elements, int factor) {
        long product = 0;
        long shifted = elements;
        for (int rest = factor; rest != 0; rest >>>= 1) {
            product ^= shifted & -(long) (rest & 1);
            shifted = timesX(shifted);
        }
        return product;
    }

    /** Multiplies each of the four elements by x: a shift, and the polynomial's low terms where a bit falls out. */
    private static long timesX(long elements) {
        long out = elements >>> (BITS - 1) & LOWEST_BITS;
        return (elements & ALL_BUT_HIGHEST) << 1 ^ out ^ out << 1 ^ out << 3 ^ out << 12;
    }
}
