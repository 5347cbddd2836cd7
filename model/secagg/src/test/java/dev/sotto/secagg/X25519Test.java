package dev.sotto.secagg;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.HexFormat;
import javax.crypto.KeyAgreement;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class X25519Test {
    private static final BigInteger P = BigInteger.ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));
    private static final byte[] BASE = littleEndian(BigInteger.valueOf(9));

    private static byte[] littleEndian(BigInteger number) {
        byte[] bytes = new byte[32];
        for (int i = 0; i < 32; i++) {
            bytes[i] = number.shiftRight(8 * i).byteValue();
        }
        return bytes;
    }

    private static BigInteger number(byte[] littleEndian) {
        byte[] bytes = new byte[33];
        for (int i = 0; i < 32; i++) {
            bytes[32 - i] = littleEndian[i];
        }
        return new BigInteger(bytes);
    }

    private static byte[] ofTheJdk(byte[] scalar, byte[] u) throws GeneralSecurityException {
        KeyFactory keys = KeyFactory.getInstance("X25519");
        KeyAgreement agreement = KeyAgreement.getInstance("X25519");
        agreement.init(keys.generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, scalar)));
        BigInteger masked = number(u).clearBit(255);
        agreement.doPhase(keys.generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, masked)), true);
        return agreement.generateSecret();
    }

    /** The ladder as the RFC writes it down, on big integers, which also knows points that the JDK refuses. */
    private static byte[] asInTheRfc(byte[] scalar, byte[] u) {
        byte[] k = scalar.clone();
        k[0] &= (byte) 248;
        k[31] = (byte) (k[31] & 127 | 64);
        BigInteger bits = number(k);
        BigInteger x1 = number(u).clearBit(255).mod(P);
        BigInteger x2 = BigInteger.ONE;
        BigInteger z2 = BigInteger.ZERO;
        BigInteger x3 = x1;
        BigInteger z3 = BigInteger.ONE;
        for (int t = 254; t >= 0; t--) {
            boolean one = bits.testBit(t);
            BigInteger xa = one ? x3 : x2;
            BigInteger za = one ? z3 : z2;
            BigInteger xb = one ? x2 : x3;
            BigInteger zb = one ? z2 : z3;
            BigInteger aa = xa.add(za).pow(2).mod(P);
            BigInteger bb = xa.subtract(za).pow(2).mod(P);
            BigInteger e = aa.subtract(bb);
            BigInteger da = xb.subtract(zb).multiply(xa.add(za));
            BigInteger cb = xb.add(zb).multiply(xa.subtract(za));
            BigInteger xSum = da.add(cb).pow(2).mod(P);
            BigInteger zSum = x1.multiply(da.subtract(cb).pow(2)).mod(P);
            BigInteger xDouble = aa.multiply(bb).mod(P);
            BigInteger zDouble =
                    e.multiply(aa.add(BigInteger.valueOf(121_665).multiply(e))).mod(P);
            x2 = one ? xSum : xDouble;
            z2 = one ? zSum : zDouble;
            x3 = one ? xDouble : xSum;
            z3 = one ? zDouble : zSum;
        }
        return littleEndian(
                x2.multiply(z2.modPow(P.subtract(BigInteger.TWO), P)).mod(P));
    }

    @Property(tries = 150)
    void multiply_anyScalarAndPoint_isWhatTheJdkGives(@ForAll long seed) throws Exception {
        SeededRandom random = new SeededRandom(seed);
        byte[] scalar = random.bytes(32);
        byte[] u = random.bytes(32);

        assertThat(X25519.multiply(scalar, u)).isEqualTo(ofTheJdk(scalar, u));
        assertThat(X25519.multiply(scalar, BASE)).isEqualTo(ofTheJdk(scalar, BASE));
    }

    /** Coordinates of long runs of ones or zeros, where a carry that is lost would show. */
    @Property(tries = 60)
    void multiply_coordinatesOfRuns_areAsInTheRfc(
            @ForAll @IntRange(max = 255) int from, @ForAll @IntRange(max = 255) int length, @ForAll long seed) {
        BigInteger run =
                BigInteger.ONE.shiftLeft(length).subtract(BigInteger.ONE).shiftLeft(from);
        SeededRandom random = new SeededRandom(seed);
        byte[] scalar = random.bytes(32);
        for (BigInteger u : new BigInteger[] {run, run.not(), run.add(BigInteger.ONE), P.subtract(run), P.add(run)}) {
            byte[] coordinate = littleEndian(u);
            assertThat(X25519.multiply(scalar, coordinate)).isEqualTo(asInTheRfc(scalar, coordinate));
            assertThat(X25519.multiply(coordinate, BASE)).isEqualTo(asInTheRfc(coordinate, BASE));
        }
    }

    /** Around zero, p and 2^255, among them every point of small order and every number that is not reduced. */
    @Test
    void multiply_coordinatesAtTheEdges_areAsInTheRfc() {
        byte[] scalar = new SeededRandom(6).bytes(32);
        for (int i = -25; i <= 25; i++) {
            for (BigInteger edge :
                    new BigInteger[] {BigInteger.ONE.shiftLeft(256), P, BigInteger.ONE.shiftLeft(255), P.shiftLeft(1)
                    }) {
                byte[] u = littleEndian(edge.add(BigInteger.valueOf(i)));
                assertThat(X25519.multiply(scalar, u)).isEqualTo(asInTheRfc(scalar, u));
            }
        }
        byte[] smallOrder = HexFormat.of().parseHex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800");
        assertThat(X25519.multiply(scalar, smallOrder)).isEqualTo(new byte[32]);
        assertThat(X25519.multiply(scalar, new byte[32])).isEqualTo(new byte[32]);
    }

    /** RFC 7748, section 5.2: the function fed with its own results. */
    @Test
    void multiply_iterated_matchesTheRfc() {
        byte[] k = BASE.clone();
        byte[] u = BASE.clone();
        for (int i = 1; i <= 1000; i++) {
            byte[] next = X25519.multiply(k, u);
            u = k;
            k = next;
            if (i == 1) {
                assertThat(HexFormat.of().formatHex(k))
                        .isEqualTo("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
            }
        }
        assertThat(HexFormat.of().formatHex(k))
                .isEqualTo("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
    }

    @Test
    void multiply_arguments_stayAsTheyWere() {
        byte[] scalar = new SeededRandom(7).bytes(32);
        byte[] before = scalar.clone();
        byte[] u = BASE.clone();
        X25519.multiply(scalar, u);

        assertThat(scalar).isEqualTo(before);
        assertThat(u).isEqualTo(BASE);
    }
}
