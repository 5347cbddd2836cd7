package dev.sotto.secagg;

/**
 * The field GF(2^16) with reduction polynomial x^16 + x^12 + x^3 + x + 1 (0x1100B). Elements are the low 16 bits of an
 * int; addition is exclusive or. Multiplication runs the same instructions whatever its operands: no table, no branch.
 */
final class Gf65536 {
    static final int POLYNOMIAL = 0x1100B;
    static final int BITS = 16;

    private Gf65536() {}

    static int multiply(int a, int b) {
        int product = 0;
        for (int i = 0; i < BITS; i++) {
            product ^= (a << i) & -((b >>> i) & 1);
        }
        for (int i = 2 * BITS - 2; i >= BITS; i--) {
            product ^= (POLYNOMIAL << (i - BITS)) & -((product >>> i) & 1);
        }
        return product;
    }

    /** Returns a^(2^16 - 2), the inverse of a non-zero element. */
    static int invert(int a) {
        int power = a;
        int inverse = 1;
        for (int i = 1; i < BITS; i++) {
            power = multiply(power, power);
            inverse = multiply(inverse, power);
        }
        return inverse;
    }
}
