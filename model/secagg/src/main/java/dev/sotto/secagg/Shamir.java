package dev.sotto.secagg;

import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Threshold sharing of 32-byte secrets (Shamir 1979) over GF(2^16): the secret is sixteen field elements, each the
 * constant term of a random polynomial of degree {@code t - 1}. Any {@code t} shares give the secret, fewer give nothing.
 * Running time depends on the number of shares and their places, never on a secret. Thread-safe.
 */
public final class Shamir {
    /** Length of a secret in bytes. */
    public static final int SECRET_BYTES = 32;

    private static final int LONGS = SECRET_BYTES / Long.BYTES;

    private Shamir() {}

    /**
     * Splits a secret into {@code n} shares at the places 1 to n.
     *
     * @param t how many of them give the secret back, 1 to n
     * @throws IllegalArgumentException if the secret is not 32 bytes, n is above 65535 or t is out of range
     */
    public static List<ShamirShare> split(byte[] secret, int n, int t, SecureRandom random) {
        requireThreshold(n, t);
        byte[] coefficients = new byte[coefficientBytes(t)];
        random.nextBytes(coefficients);
        try {
            return split(secret, n, t, coefficients);
        } finally {
            Arrays.fill(coefficients, (byte) 0);
        }
    }

    /** How many random bytes the polynomials of one secret take. */
    static int coefficientBytes(int t) {
        return (t - 1) * SECRET_BYTES;
    }

    /** Splits with the given random bytes, of which there are {@link #coefficientBytes}: the same again for the same. */
    static List<ShamirShare> split(byte[] secret, int n, int t, byte[] coefficients) {
        requireThreshold(n, t);
        Require.that(secret.length == SECRET_BYTES, "length of a secret", secret.length, SECRET_BYTES + " bytes");
        LongBuffer constant = ByteBuffer.wrap(secret).asLongBuffer();
        LongBuffer higher = ByteBuffer.wrap(coefficients).asLongBuffer();
        List<ShamirShare> shares = new ArrayList<>(n);
        byte[] y = new byte[SECRET_BYTES];
        LongBuffer values = ByteBuffer.wrap(y).asLongBuffer();
        for (int x = 1; x <= n; x++) {
            for (int lane = 0; lane < LONGS; lane++) {
                long value = 0;
                for (int degree = t - 2; degree >= 0; degree--) {
                    value = Gf65536.multiply(value ^ higher.get(degree * LONGS + lane), x);
                }
                values.put(lane, value ^ constant.get(lane));
            }
            shares.add(new ShamirShare(x, y));
        }
        Arrays.fill(y, (byte) 0);
        return shares;
    }

    /**
     * Recovers a secret from at least {@code t} shares with different places; of more, the {@code t} with the lowest
     * places are used. Shares of different secrets, or a {@code t} below the one they were split with, give noise.
     *
     * @return 32 bytes, which the caller erases
     * @throws IllegalArgumentException if there are fewer than {@code t} different places, or one place twice
     */
    public static byte[] combine(List<ShamirShare> shares, int t) {
        Require.that(t >= 1, "threshold", t, "1 or more");
        Require.that(shares.size() >= t, "number of shares", shares.size(), "at least the threshold of " + t);
        List<ShamirShare> used = new ArrayList<>(shares);
        used.sort((a, b) -> Integer.compare(a.x(), b.x()));
        for (int i = 1; i < used.size(); i++) {
            int x = used.get(i).x();
            Require.that(x != used.get(i - 1).x(), "place of a share", x, "given only once");
        }
        used = used.subList(0, t);
        int[] weights =
                LagrangeWeights.atZero(used.stream().mapToInt(ShamirShare::x).toArray());
        byte[] secret = new byte[SECRET_BYTES];
        LongBuffer sums = ByteBuffer.wrap(secret).asLongBuffer();
        for (int i = 0; i < t; i++) {
            byte[] y = used.get(i).y();
            LongBuffer values = ByteBuffer.wrap(y).asLongBuffer();
            for (int lane = 0; lane < LONGS; lane++) {
                sums.put(lane, sums.get(lane) ^ Gf65536.multiply(values.get(lane), weights[i]));
            }
            Arrays.fill(y, (byte) 0);
        }
        return secret;
    }

    private static void requireThreshold(int n, int t) {
        Require.that(n >= 1 && n <= ShamirShare.MAX_X, "number of shares", n, "1 to " + ShamirShare.MAX_X);
        Require.that(t >= 1 && t <= n, "threshold", t, "1 to the number of shares, " + n);
    }
}
