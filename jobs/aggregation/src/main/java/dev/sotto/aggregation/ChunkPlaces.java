package dev.sotto.aggregation;

import dev.sotto.contracts.RecordKeys;
import dev.sotto.secagg.ChunkIndex;
import dev.sotto.secagg.RoundId;
import org.apache.kafka.common.utils.Utils;

/**
 * Where the default partitioner puts the chunks of a round: since every copy of a chunk lies in one partition, whoever reads
 * it alone can tell that it is a copy. Keeps the newest round's places. Not thread-safe.
 */
final class ChunkPlaces {
    private final int partitions;
    private final int chunks;
    private int round;
    private byte[][] keys = {};

    /**
     * Places in a topic.
     *
     * @param partitions the topic's partitions, 1 or more
     * @param chunks chunks of an update
     */
    ChunkPlaces(int partitions, int chunks) {
        if (partitions < 1) {
            throw new IllegalArgumentException("a topic has at least 1 partition, got " + partitions);
        }
        this.partitions = partitions;
        this.chunks = chunks;
    }

    /** The key of a chunk's records. */
    byte[] key(RoundId id, int chunk) {
        if (id.number() != round) {
            round = id.number();
            keys = new byte[chunks][];
        }
        byte[] key = keys[chunk];
        if (key == null) {
            key = RecordKeys.update(id, new ChunkIndex(chunk));
            keys[chunk] = key;
        }
        return key;
    }

    /** The partition of records with this key. */
    int partition(byte[] key) {
        return Utils.toPositive(Utils.murmur2(key)) % partitions;
    }
}
