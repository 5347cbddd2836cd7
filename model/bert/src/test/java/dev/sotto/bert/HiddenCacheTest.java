package dev.sotto.bert;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HiddenCacheTest {
    @Test
    void put_beyondTheCapacity_dropsTheLeastRecentlyUsed() {
        HiddenCache cache = new HiddenCache(10);
        cache.put(TextPair.of("a"), new float[4]);
        cache.put(TextPair.of("b"), new float[4]);
        assertThat(cache.get(TextPair.of("a"))).hasSize(4);
        cache.put(TextPair.of("c"), new float[4]);
        assertThat(cache.get(TextPair.of("b"))).isNull();
        assertThat(cache.get(TextPair.of("a"))).isNotNull();
        assertThat(cache.get(TextPair.of("c"))).isNotNull();
        cache.put(TextPair.of("a"), new float[6]);
        assertThat(cache.get(TextPair.of("c"))).isNotNull();
        cache.put(TextPair.of("large"), new float[11]);
        assertThat(cache.get(TextPair.of("large"))).isNull();
    }
}
