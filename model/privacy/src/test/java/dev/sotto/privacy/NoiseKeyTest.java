package dev.sotto.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NoiseKeyTest {
    private static final NoiseSecret SECRET = NoiseSecret.of(
            Digest.sha256("noise key".getBytes(StandardCharsets.UTF_8)).bytes());
    private static final DiscreteGaussian SIGMA_2 = DiscreteGaussian.ofSigma(2);
    private static final int[] SUM = {1, -2, 3, 4};

    @Test
    void words_independentlyComputedStream_isMet() {
        JsonNode vector = Vectors.read("noise-key.json");
        int[] sum = new int[vector.get("sum").size()];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = vector.get("sum").get(i).asInt();
        }
        RandomWords words = NoiseKey.derive(
                        NoiseSecret.of(
                                HexFormat.of().parseHex(vector.get("secret").asText())),
                        new NoiseContext("sentiment", 7, List.of("bank-b", "bank-a", "clinic"), 3),
                        DiscreteGaussian.ofSigma(1.5),
                        sum)
                .words();
        int skipped = vector.get("skip").asInt();
        for (JsonNode word : vector.get("words")) {
            assertThat(HexFormat.of().toHexDigits(words.nextLong())).isEqualTo(word.asText());
        }
        for (int i = vector.get("words").size(); i < skipped; i++) {
            words.nextLong();
        }
        assertThat(HexFormat.of().toHexDigits(words.nextLong()))
                .isEqualTo(vector.get("then").asText());
    }

    @Test
    void derive_anyPartChanged_givesAnotherKey() {
        Set<Long> first = new HashSet<>();
        NoiseContext base = new NoiseContext("t", 1, List.of("a", "b"), 0);
        List<NoiseKey> keys = List.of(
                NoiseKey.derive(SECRET, base, SIGMA_2, SUM),
                NoiseKey.derive(SECRET, new NoiseContext("u", 1, List.of("a", "b"), 0), SIGMA_2, SUM),
                NoiseKey.derive(SECRET, new NoiseContext("t", 2, List.of("a", "b"), 0), SIGMA_2, SUM),
                NoiseKey.derive(SECRET, new NoiseContext("t", 1, List.of("a", "b", "c"), 0), SIGMA_2, SUM),
                NoiseKey.derive(SECRET, new NoiseContext("t", 1, List.of("ab"), 0), SIGMA_2, SUM),
                NoiseKey.derive(SECRET, new NoiseContext("t", 1, List.of("a", "b"), 1), SIGMA_2, SUM),
                NoiseKey.derive(SECRET, base, DiscreteGaussian.ofSigma(3), SUM),
                NoiseKey.derive(SECRET, base, DiscreteLaplace.ofScale(4, 1), SUM),
                NoiseKey.derive(SECRET, base, SIGMA_2, new int[] {1, -2, 3, 5}),
                NoiseKey.derive(SECRET, base, SIGMA_2, new int[] {1, -2, 3, 4, 0}),
                NoiseKey.derive(NoiseSecret.of(new byte[32]), base, SIGMA_2, SUM));
        for (NoiseKey key : keys) {
            first.add(key.words().nextLong());
        }
        assertThat(first).hasSize(keys.size());
    }

    @Test
    void derive_survivorsInAnotherOrder_givesTheSameKey() {
        assertThat(NoiseKey.derive(SECRET, new NoiseContext("t", 1, List.of("b", "a"), 0), SIGMA_2, SUM)
                        .words()
                        .nextLong())
                .isEqualTo(NoiseKey.derive(SECRET, new NoiseContext("t", 1, List.of("a", "b"), 0), SIGMA_2, SUM)
                        .words()
                        .nextLong());
    }

    @Test
    void fresh_eachTime_isAnotherKey() {
        SecureRandom random = new SecureRandom();
        try (NoiseKey one = NoiseKey.fresh(random);
                NoiseKey other = NoiseKey.fresh(random)) {
            assertThat(one.words().nextLong()).isNotEqualTo(other.words().nextLong());
            assertThat(one.words().nextLong()).isEqualTo(one.words().nextLong());
        }
    }

    @Test
    void words_afterClose_fails() {
        NoiseKey key = NoiseKey.derive(SECRET, new NoiseContext("t", 1, List.of("a"), 0), SIGMA_2, SUM);
        key.close();
        assertThatThrownBy(key::words).isInstanceOf(IllegalStateException.class).hasMessageContaining("destroyed");
        assertThat(key).hasToString("NoiseKey[redacted]");
    }

    @Test
    void context_badParts_sayTheValue() {
        assertThatThrownBy(() -> new NoiseContext("t", 0, List.of("a"), 0)).hasMessageContaining("got 0");
        assertThatThrownBy(() -> new NoiseContext("t", 1, List.of("a"), -2)).hasMessageContaining("got -2");
        assertThatThrownBy(() -> new NoiseContext(" ", 1, List.of("a"), 0)).hasMessageContaining("task");
        assertThatThrownBy(() -> new NoiseContext("t", 1, List.of(), 0)).hasMessageContaining("t/1");
        assertThatThrownBy(() -> new NoiseContext("t", 1, List.of("a", "b", "a"), 0))
                .hasMessageContaining("[a, a, b]");
    }

    @Test
    void of_sameBytes_givesTheSameWordsAndOthersOthers() {
        byte[] bytes = Digest.sha256(new byte[] {1}).bytes();
        NoiseKey key = NoiseKey.of(bytes);
        RandomWords words = NoiseKey.of(bytes).words();
        bytes[0] ^= 1;
        assertThat(key.words().nextLong()).isEqualTo(words.nextLong());
        assertThat(NoiseKey.of(bytes).words().nextLong())
                .isNotEqualTo(key.words().nextLong());
        assertThatThrownBy(() -> NoiseKey.of(new byte[31])).hasMessageContaining("31");
    }
}
