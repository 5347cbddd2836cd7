package dev.sotto.secagg;

import java.security.MessageDigest;

/**
 * One share of a 32-byte secret: the values of its sixteen polynomials at {@code x}. A secret in itself: it is not
 * printed and compares in constant time.
 *
 * @param x the recipient's place among the dealer's sorted holders, counted from one; 1 to 65535
 * @param y 32 bytes, sixteen big-endian field elements
 */
public record ShamirShare(int x, byte[] y) {
    static final int MAX_X = 0xFFFF;

    /** @throws IllegalArgumentException if {@code x} is out of range or {@code y} is not 32 bytes long */
    public ShamirShare {
        Require.that(x >= 1 && x <= MAX_X, "place of a share", x, "1 to " + MAX_X);
        y = Require.copy("share", y, Shamir.SECRET_BYTES);
    }

    @Override
    public byte[] y() {
        return y.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ShamirShare share && x == share.x && MessageDigest.isEqual(y, share.y);
    }

    /** Of the place alone, so that nothing of the value leaks through a table. */
    @Override
    public int hashCode() {
        return x;
    }

    @Override
    public String toString() {
        return "share at " + x;
    }
}
