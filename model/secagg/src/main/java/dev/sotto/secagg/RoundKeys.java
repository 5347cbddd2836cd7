package dev.sotto.secagg;

import java.util.Arrays;
import java.util.List;

/**
 * A site's public part of one round of a block. Immutable.
 *
 * @param round number of the round
 * @param maskKey public key for the pairwise masks of this round alone
 * @param selfMaskCommitment 32 bytes, hash of the self-mask seed, against which a reconstructed one is checked
 * @param shares one for every holder of the dealer's shares ({@link NeighbourGraph#holders}), sorted by destination
 */
public record RoundKeys(
        int round, AgreementPublicKey maskKey, byte[] selfMaskCommitment, List<EncryptedShares> shares) {
    /** @throws IllegalArgumentException if the shares are not sorted, or one destination appears twice */
    public RoundKeys {
        Require.that(round >= 1, "round number", round, "1 or more");
        selfMaskCommitment = Require.copy("commitment to a self-mask", selfMaskCommitment, Require.HASH_BYTES);
        shares = List.copyOf(shares);
        for (int i = 1; i < shares.size(); i++) {
            SiteId destination = shares.get(i).destination();
            Require.that(
                    shares.get(i - 1).destination().compareTo(destination) < 0,
                    "destination of shares",
                    destination,
                    "sorted and unique");
        }
    }

    @Override
    public byte[] selfMaskCommitment() {
        return selfMaskCommitment.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RoundKeys keys
                && round == keys.round
                && maskKey.equals(keys.maskKey)
                && Arrays.equals(selfMaskCommitment, keys.selfMaskCommitment)
                && shares.equals(keys.shares);
    }

    @Override
    public int hashCode() {
        return 31 * round + maskKey.hashCode();
    }

    @Override
    public String toString() {
        return "keys of round " + round + " for " + shares.size() + " sites";
    }
}
