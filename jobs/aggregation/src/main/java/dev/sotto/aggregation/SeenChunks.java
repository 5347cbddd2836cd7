package dev.sotto.aggregation;

/**
 * Which chunks of an upload were seen.
 *
 * @param bits a bit a chunk
 * @param count how many are set
 * @param latest the latest append time among their first sightings
 */
public record SeenChunks(long[] bits, int count, long latest) {
    static SeenChunks none(int chunks) {
        return new SeenChunks(new long[(chunks + Long.SIZE - 1) / Long.SIZE], 0, Long.MIN_VALUE);
    }

    /** With one more; the same if it was seen before. */
    SeenChunks with(int chunk, long timestamp) {
        int word = chunk / Long.SIZE;
        long bit = 1L << chunk;
        if ((bits[word] & bit) != 0) {
            return this;
        }
        long[] more = bits.clone();
        more[word] |= bit;
        return new SeenChunks(more, count + 1, Math.max(latest, timestamp));
    }

    /** Whether all were seen, and none after the deadline. */
    boolean wholeBy(int chunks, long deadline) {
        return count == chunks && latest <= deadline;
    }
}
