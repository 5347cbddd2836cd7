package dev.sotto.aggregation;

/**
 * Which chunks of an upload a combiner has seen: added, or waiting to be.
 *
 * @param round the round's number
 * @param site the site
 * @param root the root its chunks lead to
 * @param group the group it is summed in; -1 while it is not accepted
 * @param since the broker's append time of the first chunk seen
 * @param bits a bit a chunk
 */
public record SeenUpload(int round, String site, byte[] root, int group, long since, long[] bits) {
    static SeenUpload first(FreshChunk chunk, int chunks) {
        return new SeenUpload(
                chunk.round(), chunk.site(), chunk.root(), -1, chunk.source().timestamp(), words(chunks));
    }

    static SeenUpload accepted(Verdict verdict, int chunks) {
        return new SeenUpload(
                verdict.round(),
                verdict.upload().site(),
                verdict.upload().root(),
                verdict.group(),
                Long.MAX_VALUE,
                words(chunks));
    }

    private static long[] words(int chunks) {
        return new long[(chunks + Long.SIZE - 1) / Long.SIZE];
    }

    SeenUpload in(int acceptedGroup) {
        return new SeenUpload(round, site, root, acceptedGroup, since, bits);
    }

    boolean isAccepted() {
        return group >= 0;
    }

    /** Marks a chunk as seen; false if it was before. */
    boolean see(int chunk) {
        int word = chunk / Long.SIZE;
        long bit = 1L << chunk;
        if ((bits[word] & bit) != 0) {
            return false;
        }
        bits[word] |= bit;
        return true;
    }

    /** Marks what another combiner has seen of the same upload. */
    SeenUpload and(SeenUpload other) {
        for (int word = 0; word < bits.length; word++) {
            bits[word] |= other.bits[word];
        }
        return new SeenUpload(round, site, root, Math.max(group, other.group), Math.min(since, other.since), bits);
    }
}
