package dev.sotto.secagg;

import java.util.Arrays;

/**
 * The mask that two sites share in a round: one adds it, the other subtracts it, and it vanishes from the sum. Its seed
 * depends on everything the two must agree on; if a server shows them different models or rosters, their masks do not
 * cancel and the sum is noise (the model-inconsistency attack fails closed: Pasquini et al. 2022).
 */
public final class PairwiseMask {
    private static final byte[] LABEL = LengthPrefixed.text("sotto/mask/v1");

    private PairwiseMask() {}

    /**
     * Derives the seed of a pair of sites for a round; the same whichever of them asks.
     *
     * @param sharedSecret X25519 of the pair's mask keys of the round; the caller erases it
     * @param sealHash 32 bytes, root over the bundles of the block ({@link SealHash})
     * @param modelHash 32 bytes, hash of the model the round starts from
     * @throws IllegalArgumentException if {@code a} equals {@code b} or a hash is not 32 bytes long
     */
    public static MaskSeed seed(
            byte[] sharedSecret, byte[] sealHash, RoundId round, byte[] modelHash, SiteId a, SiteId b) {
        Require.that(!a.equals(b), "pair", a + " and " + b, "two different sites");
        Require.that(sealHash.length == Require.HASH_BYTES, "length of seal hash", sealHash.length, "32 bytes");
        Require.that(modelHash.length == Require.HASH_BYTES, "length of model hash", modelHash.length, "32 bytes");
        SiteId low = adds(a, b) ? a : b;
        SiteId high = adds(a, b) ? b : a;
        byte[] info = LengthPrefixed.of(
                LABEL,
                LengthPrefixed.text(round.task()),
                LengthPrefixed.number(round.number()),
                modelHash,
                LengthPrefixed.text(low),
                LengthPrefixed.text(high));
        byte[] key = Hkdf.sha256(sharedSecret, sealHash, info, MaskSeed.BYTES);
        try {
            return MaskSeed.of(key);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    /** Whether {@code self} adds the mask it shares with {@code other}: the lower id does, the higher subtracts. */
    public static boolean adds(SiteId self, SiteId other) {
        return self.compareTo(other) < 0;
    }
}
