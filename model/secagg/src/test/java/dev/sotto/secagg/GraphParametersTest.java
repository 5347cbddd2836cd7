package dev.sotto.secagg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

class GraphParametersTest {
    private static final BigInteger PRIVACY = BigInteger.ONE.shiftLeft(41);
    private static final BigInteger CORRECTNESS = BigInteger.ONE.shiftLeft(20);

    private static BigInteger choose(int of, int some) {
        if (some < 0 || some > of) {
            return BigInteger.ZERO;
        }
        BigInteger product = BigInteger.ONE;
        for (int i = 0; i < Math.min(some, of - some); i++) {
            product = product.multiply(BigInteger.valueOf(of - i)).divide(BigInteger.valueOf(i + 1L));
        }
        return product;
    }

    /** In how many ways from..to marked sites are among k of n: exact. */
    private static BigInteger ways(int n, int marked, int k, int from, int to) {
        BigInteger sum = BigInteger.ZERO;
        for (int m = from; m <= to; m++) {
            sum = sum.add(choose(marked, m).multiply(choose(n - marked, k - m)));
        }
        return sum;
    }

    @ParameterizedTest
    @CsvFileSource(resources = "graph-parameters.csv")
    void find_publishedCase_matches(int n, double colluding, double dropout, int degree, int threshold) {
        assertThat(GraphParameters.find(n, colluding, dropout)).isEqualTo(new GraphParameters(degree, threshold));
    }

    /** The bounds of the class comment in whole numbers, on what was found through logarithms. */
    @Property(tries = 60)
    void find_anyCase_keepsTheBoundsExactly(
            @ForAll @IntRange(min = 20, max = 400) int n,
            @ForAll @DoubleRange(max = 0.35) double colluding,
            @ForAll @DoubleRange(max = 0.25) double dropout) {
        GraphParameters found;
        try {
            found = GraphParameters.find(n, colluding, dropout);
        } catch (IllegalArgumentException none) {
            // Not even with everybody as a neighbour are half of them and the colluding ones sure to survive.
            assertThat(colluding + 2 * dropout).isGreaterThan(1 - 6.0 / n);
            return;
        }
        int k = found.degree();
        int t = found.threshold();
        int corrupt = (int) Math.floor(colluding * n + 1e-9);
        int absent = (int) Math.floor(dropout * n + 1e-9);
        BigInteger all = choose(n, k);

        BigInteger pairsOfRuns = BigInteger.valueOf((long) n * (n - k - 1) / 2);
        assertThat(pairsOfRuns.multiply(choose(corrupt + absent, k)).multiply(PRIVACY))
                .isLessThan(all);
        // More colluding neighbours than the threshold can stand: 2 t <= k + a.
        BigInteger bothSecrets = ways(n, corrupt, k, 2 * t - k, k);
        assertThat(bothSecrets.multiply(PRIVACY).multiply(BigInteger.valueOf(n)))
                .isLessThanOrEqualTo(all);
        BigInteger stuck = ways(n, n - absent, k, 0, t - 1);
        assertThat(stuck.multiply(CORRECTNESS).multiply(BigInteger.valueOf(n))).isLessThanOrEqualTo(all);
    }

    @ParameterizedTest
    @CsvSource({
        "2, 0.1, 0.3, 2",
        "4, 0.1, 0.3, 3",
        "10, 0.1, 0.3, 6",
        "30, 0.1, 0.3, 17",
        "100, 0.1, 0.3, 56",
        // No sparse graph of so few can stand so many.
        "150, 0.4, 0.35, 106"
    })
    void choose_fewSitesOrTooManyGone_isTheCompleteGraph(int n, double colluding, double dropout, int threshold) {
        assertThat(GraphParameters.choose(n, colluding, dropout)).isEqualTo(new GraphParameters(0, threshold));
    }

    @ParameterizedTest
    @CsvSource({"101, 0.1, 0.1", "500, 0.1, 0.3", "10000, 0.1, 0.3", "10000, 0.33, 0.1"})
    void choose_manySites_isSparse(int n, double colluding, double dropout) {
        GraphParameters chosen = GraphParameters.choose(n, colluding, dropout);

        assertThat(chosen).isEqualTo(GraphParameters.find(n, colluding, dropout));
        assertThat(chosen.degree()).isBetween(20, n - 2);
        assertThat(Thresholds.toleratedColluders(chosen.degree(), chosen.threshold()))
                .isGreaterThan((int) (colluding * chosen.degree()));
    }

    @Test
    void find_nothingSafe_refusedWithTheRemedy() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GraphParameters.find(10, 0.4, 0.4))
                .withMessageContaining("0.4")
                .withMessageContaining("use the complete graph");
        assertThatIllegalArgumentException().isThrownBy(() -> GraphParameters.find(1, 0.1, 0.1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GraphParameters.find(10_001, 0.1, 0.1))
                .withMessageContaining("2 to 10000");
        assertThatIllegalArgumentException().isThrownBy(() -> GraphParameters.choose(10, 1, 0.1));
        assertThatIllegalArgumentException().isThrownBy(() -> GraphParameters.choose(10, -0.1, 0.1));
        assertThatIllegalArgumentException().isThrownBy(() -> GraphParameters.choose(10, 0.1, Double.NaN));
    }
}
