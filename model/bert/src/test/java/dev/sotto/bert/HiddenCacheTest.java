package dev.sotto.bert;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HiddenCacheTest {
    @Test
    void put_beyondTheCapacity_dropsTheLeastRecentlyUsed() {
        HiddenCache cache = new HiddenCache(10);
        cache.put("a", new float[4]);
        cache.put("b", new float[4]);
        assertThat(cache.get("a")).hasSize(4);
        cache.put("c", new float[4]);
        assertThat(cache.get("b")).isNull();
        assertThat(cache.get("a")).isNotNull();
        assertThat(cache.get("c")).isNotNull();
        cache.put("a", new float[6]);
        assertThat(cache.get("c")).isNotNull();
        cache.put("large", new float[11]);
        assertThat(cache.get("large")).isNull();
    }
}
