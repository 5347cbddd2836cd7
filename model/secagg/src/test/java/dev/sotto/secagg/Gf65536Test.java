package dev.sotto.secagg;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class Gf65536Test {
    private static final int MAX = 0xFFFF;

    /** Long multiplication of polynomials and then long division, with branches, as on paper. */
    private static int slowProduct(int a, int b) {
        long product = 0;
        for (int i = 0; i < 16; i++) {
            if ((b >> i & 1) == 1) {
                product ^= (long) a << i;
            }
        }
        while (product > MAX) {
            int degree = 63 - Long.numberOfLeadingZeros(product);
            product ^= 0x1100BL << (degree - 16);
        }
        return (int) product;
    }

    @Property
    void multiply_anyPair_matchesLongDivision(@ForAll @IntRange(max = MAX) int a, @ForAll @IntRange(max = MAX) int b) {
        assertThat(Gf65536.multiply(a, b)).isEqualTo(slowProduct(a, b)).isEqualTo(Gf65536.multiply(b, a));
    }

    @Property
    void field_anyTriple_obeysItsLaws(
            @ForAll @IntRange(max = MAX) int a,
            @ForAll @IntRange(max = MAX) int b,
            @ForAll @IntRange(max = MAX) int c) {
        assertThat(Gf65536.multiply(a, Gf65536.multiply(b, c))).isEqualTo(Gf65536.multiply(Gf65536.multiply(a, b), c));
        assertThat(Gf65536.multiply(a, b ^ c)).isEqualTo(Gf65536.multiply(a, b) ^ Gf65536.multiply(a, c));
        assertThat(Gf65536.multiply(a, 1)).isEqualTo(a);
        assertThat(Gf65536.multiply(a, 0)).isZero();
    }

    /** An inverse for every element also shows that the polynomial is irreducible. */
    @Test
    void invert_everyElement_givesOne() {
        for (int a = 1; a <= MAX; a++) {
            assertThat(Gf65536.multiply(a, Gf65536.invert(a)))
                    .as("element %d", a)
                    .isEqualTo(1);
        }
    }
}
