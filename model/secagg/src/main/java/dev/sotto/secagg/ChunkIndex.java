package dev.sotto.secagg;

/**
 * The place of a chunk in a masked vector.
 *
 * @param value 0 or more
 */
public record ChunkIndex(int value) implements Comparable<ChunkIndex> {
    /** @throws IllegalArgumentException if the index is negative */
    public ChunkIndex {
        Require.that(value >= 0, "chunk index", value, "0 or more");
    }

    @Override
    public int compareTo(ChunkIndex other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
