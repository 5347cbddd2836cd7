package dev.sotto.secagg;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeyedOrderTest {
    private static final byte[] CONTEXT = LengthPrefixed.text("test");

    private final SeededRandom random = new SeededRandom(31);

    private List<Integer> draw(int n) {
        return KeyedOrder.of(
                random.bytes(32), CONTEXT, IntStream.range(0, n).boxed().toList());
    }

    /** Pearson's statistic against equal counts. */
    private static double chiSquare(Iterable<Integer> counts, double expected) {
        double sum = 0;
        for (int count : counts) {
            sum += (count - expected) * (count - expected) / expected;
        }
        return sum;
    }

    @Test
    void order_anyKey_isAPermutation() {
        for (int n = 0; n < 40; n++) {
            assertThat(draw(n))
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, n).boxed().toList());
        }
    }

    /** All 24 orders of four things: 23 degrees of freedom, of which the 99.99 % quantile is 56.2. */
    @Test
    void order_manyKeys_everyOrderAlikeOften() {
        Map<List<Integer>, Integer> counts = new HashMap<>();
        for (int i = 0; i < 12_000; i++) {
            counts.merge(draw(4), 1, Integer::sum);
        }

        assertThat(counts).hasSize(24);
        assertThat(chiSquare(counts.values(), 500)).isLessThan(56.2);
    }

    /** Where one thing of eleven ends up: 10 degrees of freedom, of which the 99.99 % quantile is 35.6. */
    @Test
    void order_manyKeys_everyPositionAlikeOften() {
        Map<Integer, Integer> first = new HashMap<>();
        Map<Integer, Integer> last = new HashMap<>();
        for (int i = 0; i < 11_000; i++) {
            List<Integer> order = draw(11);
            first.merge(order.indexOf(0), 1, Integer::sum);
            last.merge(order.indexOf(10), 1, Integer::sum);
        }

        assertThat(first).hasSize(11);
        assertThat(chiSquare(first.values(), 1000)).isLessThan(35.6);
        assertThat(chiSquare(last.values(), 1000)).isLessThan(35.6);
    }

    @Test
    void order_otherContext_isAnother() {
        byte[] key = random.bytes(32);
        List<Integer> things = IntStream.range(0, 50).boxed().toList();

        assertThat(KeyedOrder.of(key, CONTEXT, things))
                .isEqualTo(KeyedOrder.of(key, CONTEXT, things))
                .isNotEqualTo(KeyedOrder.of(key, LengthPrefixed.text("other"), things));
    }
}
