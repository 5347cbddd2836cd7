package dev.sotto.bert;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The hidden states of texts below the lowest adapted layer, which training never changes: the least recently used go
 * first when it is full. Thread-safe.
 */
final class HiddenCache {
    private final long capacity;
    private final Map<TextPair, float[]> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long size;

    /** A cache of at most so many floats. */
    HiddenCache(long capacity) {
        this.capacity = capacity;
    }

    synchronized float @Nullable [] get(TextPair text) {
        return entries.get(text);
    }

    synchronized void put(TextPair text, float[] hidden) {
        float[] previous = entries.put(text, hidden);
        size += hidden.length - (previous == null ? 0 : previous.length);
        Iterator<float[]> eldest = entries.values().iterator();
        while (size > capacity && eldest.hasNext()) {
            size -= eldest.next().length;
            eldest.remove();
        }
    }
}
