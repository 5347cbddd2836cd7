package dev.sotto.federation;

import java.util.Objects;

/**
 * How a vector of parameters lies in chunks on the wire. Every chunk begins with the {@link RoundMetrics#ENTRIES} metric
 * entries of its site, the same in all its chunks, so that whoever has one chunk's sum has the weight to divide it by; its
 * parameters follow. The last chunk is padded with zeros to a multiple of four, the granularity of masks.
 *
 * @param parameters parameters of the model, 1 or more
 * @param chunkEntries ring entries of every chunk but the last, a multiple of four
 */
public record ChunkLayout(int parameters, int chunkEntries) {
    private static final int ALIGNMENT = 4;

    /** The smallest chunk: the metrics and four parameters. */
    static final int LEAST_ENTRIES = RoundMetrics.ENTRIES + ALIGNMENT;

    public ChunkLayout {
        Check.require(parameters >= 1, "parameters", parameters, "at least 1");
        Check.require(
                chunkEntries >= LEAST_ENTRIES && chunkEntries % ALIGNMENT == 0,
                "encoding.chunkEntries",
                chunkEntries,
                "a multiple of 4 and at least " + LEAST_ENTRIES);
    }

    private int parametersPerChunk() {
        return chunkEntries - RoundMetrics.ENTRIES;
    }

    /** The number of chunks. */
    public int chunks() {
        return (parameters + parametersPerChunk() - 1) / parametersPerChunk();
    }

    /** The number of ring entries of the whole vector, metrics and padding included. */
    public int entries() {
        int last = chunks() - 1;
        return firstEntry(last) + entriesOf(last);
    }

    /** Where a chunk begins in the vector, in ring entries: a multiple of four. */
    public int firstEntry(int chunk) {
        return Math.multiplyExact(chunk, chunkEntries);
    }

    /** The ring entries of a chunk: a multiple of four. */
    public int entriesOf(int chunk) {
        int padded = (parametersOf(chunk) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        return RoundMetrics.ENTRIES + padded;
    }

    /** The first parameter of a chunk. */
    public int firstParameter(int chunk) {
        return Math.multiplyExact(chunk, parametersPerChunk());
    }

    /**
     * The parameters of a chunk.
     *
     * @throws IndexOutOfBoundsException if there is no such chunk
     */
    public int parametersOf(int chunk) {
        int first = firstParameter(Objects.checkIndex(chunk, chunks()));
        return Math.min(parametersPerChunk(), parameters - first);
    }
}
