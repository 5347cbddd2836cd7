package dev.sotto.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.privacy.NoiseContext;
import dev.sotto.secagg.Hkdf;
import dev.sotto.secagg.RoundId;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NoiseLinkTest {
    private static final RoundId ROUND = RoundId.parse("sentiment/7");
    private static final byte[] SECRET = new byte[NoiseLink.BYTES];

    @Test
    void at_anyWayForward_leadsToTheSameLink() {
        NoiseLink first = NoiseLink.first(ROUND, new SecureRandom());
        byte[] fifth = first.at(5).bytes();
        assertThat(first.at(2).at(4).at(5).bytes()).isEqualTo(fifth);
        assertThat(NoiseLink.of(ROUND, 3, first.at(3).bytes()).at(5).bytes()).isEqualTo(fifth);
        assertThat(first.at(3).component()).isEqualTo(3);
        assertThat(first.at(0).bytes()).isEqualTo(first.bytes());
        assertThat(NoiseLink.first(ROUND, new SecureRandom()).bytes()).isNotEqualTo(first.bytes());
    }

    @Test
    void at_independentlyDerived_isTheHkdfOfTheLinkBefore() {
        byte[] info = "sotto/removal/v1/sentiment/7/next".getBytes(StandardCharsets.UTF_8);
        assertThat(NoiseLink.of(ROUND, 0, SECRET).at(1).bytes())
                .isEqualTo(Hkdf.sha256(SECRET, new byte[0], info, NoiseLink.BYTES));
    }

    @Test
    void at_earlierComponent_isRefused() {
        NoiseLink link = NoiseLink.of(ROUND, 2, SECRET);
        assertThatThrownBy(() -> link.at(1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("component 1 is before 2");
    }

    /** No key tells of another: components, chunks, rounds, and the links themselves all differ. */
    @Test
    void key_anythingElse_isAnother() {
        Set<Long> words = new HashSet<>();
        for (int component = 0; component < 3; component++) {
            for (int slice = NoiseContext.METRICS; slice < 12; slice++) {
                NoiseLink link = NoiseLink.of(ROUND, 0, SECRET).at(component);
                words.add(link.key(slice).words().nextLong());
                assertThat(words).contains(link.key(slice).words().nextLong());
            }
        }
        assertThat(words).hasSize(3 * 13);
        NoiseLink other = NoiseLink.of(RoundId.parse("sentiment/8"), 0, SECRET);
        assertThat(words).doesNotContain(other.key(0).words().nextLong());
        assertThat(other.at(1).bytes())
                .isNotEqualTo(NoiseLink.of(ROUND, 0, SECRET).at(1).bytes());
    }

    @Test
    void close_anyUseAfterwards_isRefused() {
        NoiseLink link = NoiseLink.of(ROUND, 1, new byte[] {
            1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29,
            30, 31, 32
        });
        assertThat(link).hasToString("link 1 of the noise of round sentiment/7");
        link.close();
        assertThatThrownBy(link::bytes).hasMessageContaining("erased");
        assertThatThrownBy(() -> link.key(0)).hasMessageContaining("erased");
        assertThatThrownBy(() -> NoiseLink.of(ROUND, 1, new byte[31])).hasMessageContaining("31");
        assertThatThrownBy(() -> NoiseLink.of(ROUND, -1, SECRET)).hasMessageContaining("-1");
    }
}
