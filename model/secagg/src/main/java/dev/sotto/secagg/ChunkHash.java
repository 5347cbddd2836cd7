package dev.sotto.secagg;

import java.security.MessageDigest;

/** The leaf hash of a masked chunk, bound to its round, its site and its place, so that no chunk passes for another. */
public final class ChunkHash {
    private static final byte LEAF_PREFIX = 0;
    private static final byte[] LABEL = LengthPrefixed.text("sotto/chunk/v1");

    private ChunkHash() {}

    /** Hashes a whole array as the chunk's bytes on the wire; returns 32 bytes. */
    public static byte[] of(RoundId round, SiteId site, ChunkIndex index, byte[] data) {
        return of(round, site, index, data, 0, data.length);
    }

    /**
     * Hashes a part of an array as the chunk's bytes on the wire; returns 32 bytes.
     *
     * @throws IllegalArgumentException if the part is not inside the array
     */
    public static byte[] of(RoundId round, SiteId site, ChunkIndex index, byte[] data, int offset, int length) {
        MessageDigest digest = Sha256.start();
        digest.update(LEAF_PREFIX);
        digest.update(LengthPrefixed.of(
                LABEL,
                LengthPrefixed.text(round.task()),
                LengthPrefixed.number(round.number()),
                LengthPrefixed.text(site),
                LengthPrefixed.number(index.value())));
        digest.update(data, offset, length);
        return digest.digest();
    }
}
