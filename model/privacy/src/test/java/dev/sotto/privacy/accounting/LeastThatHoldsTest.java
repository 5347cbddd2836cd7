package dev.sotto.privacy.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class LeastThatHoldsTest {
    @Property(tries = 300)
    void between_anyFallingExcess_isJustAboveTheCrossing(
            @ForAll @DoubleRange(min = 1.01, max = 1.99) double crossing,
            @ForAll @DoubleRange(min = -20, max = 20) double steepness) {
        double found = LeastThatHolds.between(1, 2, x -> Math.exp(-steepness * x) * Math.expm1(crossing - x), 1e-9);
        assertThat(found).isBetween(crossing, crossing + 1e-9);
    }

    @Property(tries = 300)
    void between_stepOrInfiniteExcess_isJustAboveTheCrossing(
            @ForAll @DoubleRange(min = 1.01, max = 1.99) double crossing) {
        assertThat(LeastThatHolds.between(1, 2, x -> x < crossing ? Double.POSITIVE_INFINITY : 0, 1e-9))
                .isBetween(crossing, crossing + 1e-9);
        assertThat(LeastThatHolds.between(1, 2, x -> x < crossing ? 1e-3 : -50, 1e-9))
                .isBetween(crossing, crossing + 1e-9);
    }

    @Test
    void between_neverHoldsBelow_isTheUpperEnd() {
        assertThat(LeastThatHolds.between(1, 2, x -> 1, 1e-9)).isEqualTo(2);
    }

    @Test
    void between_smoothExcess_takesFewTries() {
        AtomicInteger tries = new AtomicInteger();
        LeastThatHolds.between(
                1,
                2,
                x -> {
                    tries.incrementAndGet();
                    return 1 / (x * x) - 0.4;
                },
                1e-7);
        assertThat(tries.get()).isLessThanOrEqualTo(12);
    }
}
