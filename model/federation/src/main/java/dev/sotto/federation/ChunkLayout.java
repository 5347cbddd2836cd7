package dev.sotto.federation;

import java.util.Objects;

/**
 * How a vector of parameters lies in chunks on the wire. Every chunk begins with the {@link RoundMetrics#ENTRIES} metric
 * entries of its site, the same in all its chunks, so that whoever has one chunk's sum has the weight to divide it by; its
 * parameters follow. The last chunk is padded with zeros to a multiple of four, the granularity of masks.
 *
 * <p>Where chunks are rotated ({@link RandomizedHadamard}) what follows the metrics is a power of two: in all chunks but the last
 * because {@code chunkEntries} says so, in the last by padding.
 *
 * @param parameters the numbers to carry, 1 or more: the model's trained parameters, behind them the sites' tally where they tell one, and one more
 *     where a task's clip is adaptive
 * @param chunkEntries ring entries of every chunk but the last, a multiple of four; where chunks are rotated a power of two more
 *     than the metrics
 * @param rotated whether chunks are rotated
 */
public record ChunkLayout(int parameters, int chunkEntries, boolean rotated) {
    private static final int ALIGNMENT = 4;

    /** The smallest chunk: the metrics and four parameters. */
    static final int LEAST_ENTRIES = RoundMetrics.ENTRIES + ALIGNMENT;

    /** The least that is rotated together, unless all chunks are smaller: in fewer entries an update can be concentrated. */
    private static final int LEAST_BLOCK = 1024;

    public ChunkLayout {
        Check.require(parameters >= 1, "parameters", parameters, "at least 1");
        Check.require(
                chunkEntries >= LEAST_ENTRIES && chunkEntries % ALIGNMENT == 0,
                "encoding.chunkEntries",
                chunkEntries,
                "a multiple of 4 and at least " + LEAST_ENTRIES);
        int block = chunkEntries - RoundMetrics.ENTRIES;
        Check.require(
                !rotated || Integer.bitCount(block) == 1,
                "encoding.chunkEntries",
                chunkEntries,
                "a power of two plus the %d entries of metrics where sites add the noise, for example %d"
                        .formatted(RoundMetrics.ENTRIES, Integer.highestOneBit(block) + RoundMetrics.ENTRIES));
    }

    /** The layout of chunks that are not rotated. */
    public ChunkLayout(int parameters, int chunkEntries) {
        this(parameters, chunkEntries, false);
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
        int padded = (dimensionOf(chunk) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        return RoundMetrics.ENTRIES + padded;
    }

    /** The entries of a chunk that carry its parameters: as many as these, or where chunks are rotated a power of two. */
    public int dimensionOf(int chunk) {
        int count = parametersOf(chunk);
        if (!rotated) {
            return count;
        }
        int power = count == 1 ? 1 : 2 * Integer.highestOneBit(count - 1);
        return Math.max(power, Math.min(LEAST_BLOCK, parametersPerChunk()));
    }

    /** The entries of the whole vector that carry parameters. */
    public int dimension() {
        int last = chunks() - 1;
        return firstParameter(last) + dimensionOf(last);
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
