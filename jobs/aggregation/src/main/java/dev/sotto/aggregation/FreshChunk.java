package dev.sotto.aggregation;

import dev.sotto.connect.flink.FeedRecord;

/**
 * A checked chunk that was just read: its entries still lie where they were fetched.
 *
 * @param round the round's number
 * @param site the site it says it is from, one of the trust file
 * @param chunk the chunk's index
 * @param root the root its proof leads to
 * @param from where in the record's buffer the entries begin
 * @param source the record
 */
record FreshChunk(int round, String site, int chunk, byte[] root, int from, FeedRecord source) {
    /** The same to be kept: it holds its own record alone. */
    CheckedChunk keep() {
        return new CheckedChunk(round, site, chunk, root, from - source.from(), source.copy());
    }
}
