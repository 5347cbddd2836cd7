package dev.sotto.secagg;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.UniqueElements;
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

    private static int product(int a, int b) {
        return (int) Gf65536.multiply(a, b);
    }

    /** Fermat's inverse, a^(2^16 - 2). */
    static int inverse(int a) {
        int power = a;
        int inverse = 1;
        for (int i = 1; i < 16; i++) {
            power = product(power, power);
            inverse = product(inverse, power);
        }
        return inverse;
    }

    @Property
    void multiply_anyPair_matchesLongDivision(@ForAll @IntRange(max = MAX) int a, @ForAll @IntRange(max = MAX) int b) {
        assertThat(product(a, b)).isEqualTo(slowProduct(a, b)).isEqualTo(product(b, a));
    }

    @Property
    void multiply_fourElements_eachOnItsOwn(@ForAll long elements, @ForAll @IntRange(max = MAX) int factor) {
        long product = Gf65536.multiply(elements, factor);

        for (int lane = 0; lane < Gf65536.LANES; lane++) {
            int element = (int) (elements >>> 16 * lane) & MAX;
            assertThat((int) (product >>> 16 * lane) & MAX).isEqualTo(slowProduct(element, factor));
        }
    }

    @Property
    void field_anyTriple_obeysItsLaws(
            @ForAll @IntRange(max = MAX) int a,
            @ForAll @IntRange(max = MAX) int b,
            @ForAll @IntRange(max = MAX) int c) {
        assertThat(product(a, product(b, c))).isEqualTo(product(product(a, b), c));
        assertThat(product(a, b ^ c)).isEqualTo(product(a, b) ^ product(a, c));
        assertThat(product(a, 1)).isEqualTo(a);
        assertThat(product(a, 0)).isZero();
    }

    /** An inverse for every element also shows that the polynomial is irreducible. */
    @Test
    void inverse_everyElement_givesOne() {
        for (int a = 1; a <= MAX; a++) {
            assertThat(product(a, inverse(a))).as("element %d", a).isEqualTo(1);
        }
    }

    /** The weights by their definition, without the tables. */
    @Property(tries = 200)
    void weights_anyPlaces_areLagrange(
            @ForAll @Size(min = 1, max = 12) @UniqueElements List<@IntRange(min = 1, max = MAX) Integer> places) {
        int[] weights =
                LagrangeWeights.atZero(places.stream().mapToInt(place -> place).toArray());

        for (int i = 0; i < weights.length; i++) {
            int expected = 1;
            for (int other : places) {
                if (other != places.get(i)) {
                    expected = slowProduct(expected, slowProduct(other, inverse(other ^ places.get(i))));
                }
            }
            assertThat(weights[i]).isEqualTo(expected);
        }
    }
}
