package dev.sotto.secagg;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The function X25519 (RFC 7748, section 5): the Montgomery ladder over the integers modulo p = 2^255 - 19. A site agrees
 * with every neighbour in every round, and the server for every dropout with every survivor next to it, so this is
 * what unmasking waits for; the JDK's own takes several times as long.
 *
 * <p>A field element is five limbs of 51 bits and some slack. A product of limbs is taken apart at bit 51 as it is made:
 * its low part by a mask, its high part as the upper half of the product of the limbs shifted up by 13 bits together,
 * so that sums never carry. Which instructions run and which memory they touch is the same for every scalar and point.
 *
 * <p>One object serves one multiplication; its state is erased at the end.
 */
final class X25519 {
    static final int BYTES = 32;

    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int LIMBS = 5;
    private static final int LIMB_BITS = 51;
    private static final long LIMB = (1L << LIMB_BITS) - 1;

    /** (486662 - 2) / 4, the constant of the curve in the ladder. */
    private static final long A24 = 121_665;

    // Twice p, added before a subtraction so that no limb becomes negative.
    private static final long TWO_P_LOWEST = 2 * (LIMB - 18);
    private static final long TWO_P_OTHERS = 2 * LIMB;

    private final long[] x1 = new long[LIMBS];
    private final long[] x2 = new long[LIMBS];
    private final long[] z2 = new long[LIMBS];
    private final long[] x3 = new long[LIMBS];
    private final long[] z3 = new long[LIMBS];
    private final long[] a = new long[LIMBS];
    private final long[] b = new long[LIMBS];
    private final long[] c = new long[LIMBS];
    private final long[] d = new long[LIMBS];

    private X25519() {}

    /** Multiplies a point, given by its u-coordinate, by a scalar, which is clamped; both are 32 bytes. */
    static byte[] multiply(byte[] scalar, byte[] u) {
        byte[] k = scalar.clone();
        k[0] &= (byte) 248;
        k[31] = (byte) (k[31] & 127 | 64);
        X25519 ladder = new X25519();
        try {
            return ladder.climb(k, u);
        } finally {
            Arrays.fill(k, (byte) 0);
            ladder.erase();
        }
    }

    private byte[] climb(byte[] k, byte[] u) {
        decode(u, x1);
        x2[0] = 1;
        System.arraycopy(x1, 0, x3, 0, LIMBS);
        z3[0] = 1;
        int swapped = 0;
        for (int t = 254; t >= 0; t--) {
            int bit = k[t >> 3] >> (t & 7) & 1;
            swap(swapped ^ bit, x2, x3);
            swap(swapped ^ bit, z2, z3);
            swapped = bit;
            step();
        }
        swap(swapped, x2, x3);
        swap(swapped, z2, z3);
        invert();
        multiply(x2, z2, x2);
        return encode(x2);
    }

    /** One step of the ladder, with the names of the RFC in the comments. */
    private void step() {
        add(x2, z2, a); // A
        subtract(x2, z2, b); // B
        add(x3, z3, c); // C
        subtract(x3, z3, d); // D
        multiply(d, a, d); // DA
        multiply(c, b, c); // CB
        square(a, a); // AA
        square(b, b); // BB
        add(d, c, x3);
        square(x3, x3);
        subtract(d, c, z3);
        square(z3, z3);
        multiply(x1, z3, z3);
        multiply(a, b, x2);
        subtract(a, b, b); // E
        multiplyByA24(b, c);
        add(a, c, c);
        multiply(b, c, z2);
    }

    /** Sets z2 to its inverse, z2^(p - 2) by Fermat; zero stays zero. */
    private void invert() {
        square(z2, a); // 2
        square(a, b, 2); // 8
        multiply(z2, b, b); // 9
        multiply(a, b, a); // 11
        square(a, c); // 22
        multiply(b, c, b); // 2^5 - 1
        square(b, c, 5);
        multiply(c, b, b); // 2^10 - 1
        square(b, c, 10);
        multiply(c, b, c); // 2^20 - 1
        square(c, d, 20);
        multiply(d, c, c); // 2^40 - 1
        square(c, c, 10);
        multiply(c, b, b); // 2^50 - 1
        square(b, c, 50);
        multiply(c, b, c); // 2^100 - 1
        square(c, d, 100);
        multiply(d, c, c); // 2^200 - 1
        square(c, c, 50);
        multiply(c, b, b); // 2^250 - 1
        square(b, b, 5);
        multiply(b, a, z2); // 2^255 - 21
    }

    private void erase() {
        for (long[] element : new long[][] {x1, x2, z2, x3, z3, a, b, c, d}) {
            Arrays.fill(element, 0);
        }
    }

    private static void swap(int bit, long[] one, long[] other) {
        long mask = -(long) bit;
        for (int i = 0; i < LIMBS; i++) {
            long difference = mask & (one[i] ^ other[i]);
            one[i] ^= difference;
            other[i] ^= difference;
        }
    }

    private static void add(long[] f, long[] g, long[] sum) {
        for (int i = 0; i < LIMBS; i++) {
            sum[i] = f[i] + g[i];
        }
    }

    private static void subtract(long[] f, long[] g, long[] difference) {
        difference[0] = f[0] + TWO_P_LOWEST - g[0];
        for (int i = 1; i < LIMBS; i++) {
            difference[i] = f[i] + TWO_P_OTHERS - g[i];
        }
    }

    /** The part of a product of limbs from bit 51 on; the arguments are shifted up by 6 and by 7 bits. */
    private static long high(long shiftedBy6, long shiftedBy7) {
        return Math.multiplyHigh(shiftedBy6, shiftedBy7);
    }

    /** The part of the same product below bit 51. */
    private static long low(long shiftedBy6, long shiftedBy7) {
        return shiftedBy6 * shiftedBy7 >>> 13;
    }

    /** Limbs of the arguments are below 2^53, those of the product below 2^51 but for the second, which may exceed it. */
    private static void multiply(long[] f, long[] g, long[] product) {
        long s0 = f[0] << 6;
        long s1 = f[1] << 6;
        long s2 = f[2] << 6;
        long s3 = f[3] << 6;
        long s4 = f[4] << 6;
        long t0 = g[0] << 7;
        long t1 = g[1] << 7;
        long t2 = g[2] << 7;
        long t3 = g[3] << 7;
        long t4 = g[4] << 7;
        long r0 = low(s0, t0);
        long r1 = high(s0, t0) + low(s0, t1) + low(s1, t0);
        long r2 = high(s0, t1) + high(s1, t0) + low(s0, t2) + low(s1, t1) + low(s2, t0);
        long r3 = high(s0, t2) + high(s1, t1) + high(s2, t0) + low(s0, t3) + low(s1, t2) + low(s2, t1) + low(s3, t0);
        long r4 = high(s0, t3)
                + high(s1, t2)
                + high(s2, t1)
                + high(s3, t0)
                + low(s0, t4)
                + low(s1, t3)
                + low(s2, t2)
                + low(s3, t1)
                + low(s4, t0);
        long r5 = high(s0, t4)
                + high(s1, t3)
                + high(s2, t2)
                + high(s3, t1)
                + high(s4, t0)
                + low(s1, t4)
                + low(s2, t3)
                + low(s3, t2)
                + low(s4, t1);
        long r6 = high(s1, t4) + high(s2, t3) + high(s3, t2) + high(s4, t1) + low(s2, t4) + low(s3, t3) + low(s4, t2);
        long r7 = high(s2, t4) + high(s3, t3) + high(s4, t2) + low(s3, t4) + low(s4, t3);
        long r8 = high(s3, t4) + high(s4, t3) + low(s4, t4);
        long r9 = high(s4, t4);
        carry(product, r0 + 19 * r5, r1 + 19 * r6, r2 + 19 * r7, r3 + 19 * r8, r4 + 19 * r9);
    }

    private static void square(long[] f, long[] result, int times) {
        square(f, result);
        for (int i = 1; i < times; i++) {
            square(result, result);
        }
    }

    private static void square(long[] f, long[] result) {
        long s0 = f[0] << 6;
        long s1 = f[1] << 6;
        long s2 = f[2] << 6;
        long s3 = f[3] << 6;
        long s4 = f[4] << 6;
        long t0 = f[0] << 7;
        long t1 = f[1] << 7;
        long t2 = f[2] << 7;
        long t3 = f[3] << 7;
        long t4 = f[4] << 7;
        long r0 = low(s0, t0);
        long r1 = high(s0, t0) + 2 * low(s0, t1);
        long r2 = 2 * (high(s0, t1) + low(s0, t2)) + low(s1, t1);
        long r3 = high(s1, t1) + 2 * (high(s0, t2) + low(s0, t3) + low(s1, t2));
        long r4 = 2 * (high(s0, t3) + high(s1, t2) + low(s0, t4) + low(s1, t3)) + low(s2, t2);
        long r5 = high(s2, t2) + 2 * (high(s0, t4) + high(s1, t3) + low(s1, t4) + low(s2, t3));
        long r6 = 2 * (high(s1, t4) + high(s2, t3) + low(s2, t4)) + low(s3, t3);
        long r7 = high(s3, t3) + 2 * (high(s2, t4) + low(s3, t4));
        long r8 = 2 * high(s3, t4) + low(s4, t4);
        long r9 = high(s4, t4);
        carry(result, r0 + 19 * r5, r1 + 19 * r6, r2 + 19 * r7, r3 + 19 * r8, r4 + 19 * r9);
    }

    private static void multiplyByA24(long[] f, long[] product) {
        long constant = A24 << 7;
        carry(
                product,
                low(f[0] << 6, constant) + 19 * high(f[4] << 6, constant),
                low(f[1] << 6, constant) + high(f[0] << 6, constant),
                low(f[2] << 6, constant) + high(f[1] << 6, constant),
                low(f[3] << 6, constant) + high(f[2] << 6, constant),
                low(f[4] << 6, constant) + high(f[3] << 6, constant));
    }

    private static void carry(long[] result, long r0, long r1, long r2, long r3, long r4) {
        long c1 = r1 + (r0 >>> LIMB_BITS);
        long c2 = r2 + (c1 >>> LIMB_BITS);
        long c3 = r3 + (c2 >>> LIMB_BITS);
        long c4 = r4 + (c3 >>> LIMB_BITS);
        long c0 = (r0 & LIMB) + 19 * (c4 >>> LIMB_BITS);
        result[0] = c0 & LIMB;
        result[1] = (c1 & LIMB) + (c0 >>> LIMB_BITS);
        result[2] = c2 & LIMB;
        result[3] = c3 & LIMB;
        result[4] = c4 & LIMB;
    }

    /** The highest bit is ignored, as the RFC has it; a number not below p is taken modulo p. */
    private static void decode(byte[] bytes, long[] element) {
        long w0 = (long) WORDS.get(bytes, 0);
        long w1 = (long) WORDS.get(bytes, 8);
        long w2 = (long) WORDS.get(bytes, 16);
        long w3 = (long) WORDS.get(bytes, 24);
        element[0] = w0 & LIMB;
        element[1] = (w0 >>> 51 | w1 << 13) & LIMB;
        element[2] = (w1 >>> 38 | w2 << 26) & LIMB;
        element[3] = (w2 >>> 25 | w3 << 39) & LIMB;
        element[4] = w3 >>> 12 & LIMB;
    }

    private static byte[] encode(long[] element) {
        long[] r = new long[LIMBS];
        // Twice, after which every limb is below 2^51, so that the number is below 2^255.
        carry(r, element[0], element[1], element[2], element[3], element[4]);
        carry(r, r[0], r[1], r[2], r[3], r[4]);
        // It is p or more if and only if adding 19 carries out of the highest bit, and then that is taken off.
        long over = r[0] + 19 >>> LIMB_BITS;
        for (int i = 1; i < LIMBS; i++) {
            over = r[i] + over >>> LIMB_BITS;
        }
        r[0] += 19 * over;
        for (int i = 0; i < LIMBS - 1; i++) {
            r[i + 1] += r[i] >>> LIMB_BITS;
            r[i] &= LIMB;
        }
        r[4] &= LIMB;
        byte[] bytes = new byte[BYTES];
        WORDS.set(bytes, 0, r[0] | r[1] << 51);
        WORDS.set(bytes, 8, r[1] >>> 13 | r[2] << 38);
        WORDS.set(bytes, 16, r[2] >>> 26 | r[3] << 25);
        WORDS.set(bytes, 24, r[3] >>> 39 | r[4] << 12);
        Arrays.fill(r, 0);
        return bytes;
    }
}
