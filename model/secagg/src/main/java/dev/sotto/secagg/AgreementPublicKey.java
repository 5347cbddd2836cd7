package dev.sotto.secagg;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;

/** A public X25519 key (RFC 7748): a site's encryption key of a block or its mask key of a round. Immutable. */
public final class AgreementPublicKey {
    /**
     * The points of small order, little-endian with the unused top bit cleared. An agreement with one of them is zero
     * whatever the private key; refusing them here makes such a key its owner's fault and not its neighbours' failure.
     */
    private static final Set<String> SMALL_ORDER = Set.of(
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");

    private final byte[] raw;

    private AgreementPublicKey(byte[] raw) {
        this.raw = raw;
    }

    /**
     * Wraps 32 raw bytes.
     *
     * @throws IllegalArgumentException if there are not 32 of them, or they are a point of small order
     */
    public static AgreementPublicKey of(byte[] raw) {
        byte[] copy = Require.copy("agreement public key", raw, RawKeys.LENGTH);
        byte[] masked = copy.clone();
        masked[RawKeys.LENGTH - 1] &= 0x7f;
        String hex = HexFormat.of().formatHex(masked);
        Require.that(!SMALL_ORDER.contains(hex), "agreement public key", hex, "a point of large order");
        return new AgreementPublicKey(copy);
    }

    /** Returns a copy of the 32 raw bytes. */
    public byte[] bytes() {
        return raw.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AgreementPublicKey key && Arrays.equals(raw, key.raw);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(raw);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(raw);
    }
}
