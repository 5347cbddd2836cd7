package dev.sotto.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AliasTableTest {
    private static final int DRAWS = 200_000;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 64, 100})
    void draw_anyWeights_fitThem(int outcomes) {
        List<BigInteger> weights = IntStream.rangeClosed(1, outcomes)
                .mapToObj(i -> BigInteger.valueOf(i * i))
                .toList();
        double total = weights.stream().mapToDouble(BigInteger::doubleValue).sum();
        // The bit that comes with it is an outcome's too, so every one has two cells.
        double[] probabilities = new double[2 * outcomes];
        Arrays.setAll(probabilities, i -> weights.get(i / 2).doubleValue() / (2 * total));
        long[] counts = new long[2 * outcomes];
        RandomWords words = TestWords.of("alias " + outcomes);
        AliasTable table = AliasTable.of(weights, BigInteger.ZERO);
        for (int i = 0; i < DRAWS; i++) {
            counts[table.drawWithBit(words)]++;
        }
        assertThat(GoodnessOfFit.gTest(counts, probabilities)).isGreaterThan(1e-3);
    }

    @Test
    void draw_outcomeOfWeightZero_neverComes() {
        AliasTable table = AliasTable.of(
                List.of(BigInteger.ONE, BigInteger.ZERO, BigInteger.TWO, BigInteger.ZERO), BigInteger.ZERO);
        RandomWords words = TestWords.of("zero weight");
        for (int i = 0; i < DRAWS; i++) {
            assertThat(table.drawWithBit(words) >>> 1).isIn(0, 2);
        }
    }

    @Test
    void distance_errorOfTheWeights_isIncludedAndRoundedUp() {
        List<BigInteger> weights = Collections.nCopies(4, BigInteger.ONE.shiftLeft(100));
        assertThat(AliasTable.of(weights, BigInteger.ZERO).distance()).isBetween(4 * 0x1p-127, 4.001 * 0x1p-127);
        assertThat(AliasTable.of(weights, BigInteger.ONE.shiftLeft(62)).distance())
                .isBetween(0x1p-40, 1.001 * 0x1p-40);
    }

    @Test
    void of_moreOutcomesThanColumns_saysTheNumber() {
        assertThatThrownBy(() -> AliasTable.of(
                        Collections.nCopies(AliasTable.MAX_OUTCOMES + 1, BigInteger.ONE), BigInteger.ZERO))
                .hasMessageContaining("got 4097");
    }
}
