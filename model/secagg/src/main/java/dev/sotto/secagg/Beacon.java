package dev.sotto.secagg;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * A public random value to which every site of a cohort contributes: each commits to a nonce when it enrols and reveals
 * it once the cohort is frozen. One honest nonce makes the beacon uniform, but whoever is last to reveal can withhold
 * and have it drawn anew. Sites that put up with r offers let it choose among r values, which takes at most log2(r) bits
 * off whatever is proven for a uniform order (8 offers: 3 bits).
 */
public final class Beacon {
    /** Length of a nonce in bytes. */
    public static final int NONCE_BYTES = 32;

    private static final byte[] COMMITMENT_LABEL = LengthPrefixed.text("sotto/beacon-commitment/v1");
    private static final byte[] BEACON_LABEL = LengthPrefixed.text("sotto/beacon/v1");

    private Beacon() {}

    /**
     * The commitment to a nonce, 32 bytes. It needs no salt, since a nonce is 32 random bytes.
     *
     * @throws IllegalArgumentException if the nonce is not 32 bytes long
     */
    public static byte[] commitment(BlockId block, SiteId site, byte[] nonce) {
        requireNonce(site, nonce);
        return Sha256.of(
                LengthPrefixed.of(COMMITMENT_LABEL, LengthPrefixed.text(block), LengthPrefixed.text(site), nonce));
    }

    /** Whether a revealed nonce is the one committed to; one of another length is not, and never an exception. */
    public static boolean opens(byte[] commitment, BlockId block, SiteId site, byte[] nonce) {
        return nonce.length == NONCE_BYTES && MessageDigest.isEqual(commitment, commitment(block, site, nonce));
    }

    /**
     * The beacon of a cohort, 32 bytes.
     *
     * @param offerHash 32 bytes, of the signed offer that froze the cohort
     * @param nonces what every site of the cohort revealed, each held against its commitment by the caller
     * @throws IllegalArgumentException if there is no nonce, or a length is not 32 bytes
     */
    public static byte[] of(byte[] offerHash, SortedMap<SiteId, byte[]> nonces) {
        Require.that(offerHash.length == Require.HASH_BYTES, "length of offer hash", offerHash.length, "32 bytes");
        Require.that(!nonces.isEmpty(), "number of nonces", 0, "one of every site of the cohort");
        Require.that(nonces.comparator() == null, "order of nonces", "by a comparator", "the natural order of sites");
        List<byte[]> parts = new ArrayList<>(2 + 2 * nonces.size());
        parts.add(BEACON_LABEL);
        parts.add(offerHash);
        nonces.forEach((site, nonce) -> {
            requireNonce(site, nonce);
            parts.add(LengthPrefixed.text(site));
            parts.add(nonce);
        });
        return Sha256.of(LengthPrefixed.of(parts.toArray(byte[][]::new)));
    }

    private static void requireNonce(SiteId site, byte[] nonce) {
        Require.that(nonce.length == NONCE_BYTES, "length of the nonce of " + site, nonce.length, "32 bytes");
    }
}
