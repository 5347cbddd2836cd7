package dev.sotto.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ChunkLayoutTest {
    @Property
    void chunks_anySize_coverAllParametersOnceAndStayAligned(
            @ForAll @IntRange(min = 1, max = 10_000) int parameters,
            @ForAll @IntRange(min = 2, max = 300) int quarters) {
        ChunkLayout layout = new ChunkLayout(parameters, 4 * quarters);
        int parameter = 0;
        int entry = 0;
        for (int chunk = 0; chunk < layout.chunks(); chunk++) {
            assertThat(layout.firstParameter(chunk)).isEqualTo(parameter);
            assertThat(layout.firstEntry(chunk)).isEqualTo(entry);
            assertThat(layout.parametersOf(chunk)).isPositive();
            assertThat(layout.entriesOf(chunk) % 4).isZero();
            assertThat(layout.entriesOf(chunk) - RoundMetrics.ENTRIES - layout.parametersOf(chunk))
                    .isBetween(0, 3);
            assertThat(layout.entriesOf(chunk)).isLessThanOrEqualTo(4 * quarters);
            parameter += layout.parametersOf(chunk);
            entry += layout.entriesOf(chunk);
        }
        assertThat(parameter).isEqualTo(parameters);
        assertThat(layout.entries()).isEqualTo(entry);
    }

    @Test
    void chunk_withoutRoomForParameters_isRefused() {
        assertThatThrownBy(() -> new ChunkLayout(10, 4))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("encoding.chunkEntries is 4");
    }
}
