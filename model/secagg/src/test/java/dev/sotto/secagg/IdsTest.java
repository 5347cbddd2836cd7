package dev.sotto.secagg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdsTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "A", "a_b", "a/b", "a ", "é"})
    void siteId_malformed_refusedByName(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> new SiteId(name)).withMessageContaining("'" + name + "'");
        assertThatIllegalArgumentException().isThrownBy(() -> new TaskId(name));
    }

    @Test
    void siteId_longest_accepted() {
        assertThat(new SiteId("a".repeat(63)).value()).hasSize(63);
        assertThatIllegalArgumentException().isThrownBy(() -> new SiteId("a".repeat(64)));
    }

    @Test
    void roundId_printed_parsesBack() {
        RoundId round = new RoundId(new TaskId("card-fraud"), 12);

        assertThat(round).hasToString("card-fraud/12");
        assertThat(RoundId.parse(round.toString())).isEqualTo(round);
        assertThat(BlockId.parse("card-fraud/3")).isEqualTo(new BlockId(new TaskId("card-fraud"), 3));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"demo", "demo/", "demo/0", "demo/01", "demo/+1", "demo/-1", "/1", "demo/1/", "demo/9999999999"})
    void roundId_otherSpelling_refused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> RoundId.parse(text));
        assertThatIllegalArgumentException().isThrownBy(() -> BlockId.parse(text));
    }

    @Test
    void chunkIndex_negative_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ChunkIndex(-1));
        assertThat(new ChunkIndex(0)).isLessThan(new ChunkIndex(1));
    }
}
