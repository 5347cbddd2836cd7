package dev.sotto.secagg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RingTest {
    @Provide
    Arbitrary<Ring> rings() {
        return Arbitraries.of(16, 20, 24, 32).map(Ring::new);
    }

    /** The packed form by its definition: one number of which entry i is the digit i in base 2^m. */
    private static byte[] asOneNumber(Ring ring, int[] entries, int from, int count) {
        BigInteger number = BigInteger.ZERO;
        for (int i = 0; i < count; i++) {
            BigInteger entry = BigInteger.valueOf(entries[from + i]).mod(BigInteger.ONE.shiftLeft(ring.bits()));
            number = number.or(entry.shiftLeft(i * ring.bits()));
        }
        byte[] out = new byte[ring.bytes(count)];
        for (int i = 0; i < out.length; i++) {
            out[i] = number.shiftRight(Byte.SIZE * i).byteValue();
        }
        return out;
    }

    @Property(tries = 200)
    void pack_anyPart_isTheLittleEndianNumber(
            @ForAll("rings") Ring ring,
            @ForAll @IntRange(max = 30) int steps,
            @ForAll @IntRange(max = 5) int from,
            @ForAll @IntRange(max = 5) int at,
            @ForAll long seed) {
        int count = 4 * steps;
        int[] entries = new Random(seed).ints(count + 10).toArray();
        byte[] out = new byte[ring.bytes(count) + 10];
        Arrays.fill(out, (byte) 0x5A);

        ring.pack(entries, from, count, out, at);

        byte[] expected = new byte[out.length];
        Arrays.fill(expected, (byte) 0x5A);
        byte[] packed = asOneNumber(ring, entries, from, count);
        System.arraycopy(packed, 0, expected, at, packed.length);
        assertThat(out).isEqualTo(expected);
    }

    @Property(tries = 200)
    void add_anyVectors_isTheSumModuloTheRing(
            @ForAll("rings") Ring ring,
            @ForAll @IntRange(max = 30) int steps,
            @ForAll @IntRange(min = 1, max = 6) int vectors,
            @ForAll @IntRange(max = 5) int from,
            @ForAll @IntRange(max = 5) int at,
            @ForAll long seed) {
        int count = 4 * steps;
        Random random = new Random(seed);
        int[] sum = new int[count + 10];
        long[] expected = new long[count + 10];
        for (int v = 0; v < vectors; v++) {
            int[] entries = random.ints(count).toArray();
            byte[] packed = new byte[ring.bytes(count) + 10];
            ring.pack(entries, 0, count, packed, at);
            ring.add(packed, at, sum, from, count);
            for (int i = 0; i < count; i++) {
                expected[from + i] += entries[i];
            }
        }

        ring.reduce(sum);

        long modulus = 1L << ring.bits();
        for (int i = 0; i < sum.length; i++) {
            assertThat(Integer.toUnsignedLong(sum[i])).isEqualTo(Math.floorMod(expected[i], modulus));
        }
    }

    @Property(tries = 200)
    void centre_anyEntry_isCongruentAndNearestToZero(@ForAll("rings") Ring ring, @ForAll int entry) {
        int[] entries = {entry};
        ring.centre(entries);

        long modulus = 1L << ring.bits();
        assertThat(Math.floorMod((long) entries[0], modulus)).isEqualTo(Math.floorMod((long) entry, modulus));
        assertThat((long) entries[0]).isBetween(-modulus / 2, modulus / 2 - 1);
    }

    @Property(tries = 100)
    void masks_addedInIntsAndPacked_cancelInTheRing(@ForAll("rings") Ring ring, @ForAll long seed) {
        SeededRandom random = new SeededRandom(seed);
        MaskSeed seedOfPair = MaskSeed.generate(random);
        int[] one = new Random(seed).ints(64, -2000, 2000).toArray();
        int[] two = new Random(~seed).ints(64, -2000, 2000).toArray();
        int[] plain = new int[64];
        Arrays.setAll(plain, i -> one[i] + two[i]);
        Mask.add(seedOfPair, 0, one, 0, 64);
        Mask.subtract(seedOfPair, 0, two, 0, 64);
        int[] sum = new int[64];
        byte[] packed = new byte[ring.bytes(64)];

        ring.pack(one, 0, 64, packed, 0);
        ring.add(packed, 0, sum, 0, 64);
        ring.pack(two, 0, 64, packed, 0);
        ring.add(packed, 0, sum, 0, 64);

        ring.centre(sum);
        assertThat(sum).isEqualTo(plain);
    }

    @ParameterizedTest
    @CsvSource({"16,8", "20,10", "24,12", "32,16"})
    void bytes_fourEntries_areWhole(int bits, int bytes) {
        assertThat(new Ring(bits).bytes(4)).isEqualTo(bytes);
        assertThat(new Ring(bits).bytes(0)).isZero();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Ring(bits).bytes(6))
                .withMessageContaining("is 6 but must be a multiple of 4; pad");
        assertThatIllegalArgumentException().isThrownBy(() -> new Ring(bits).bytes(-4));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 17, 26, 31, 33, 64})
    void ring_otherWidth_refused(int bits) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Ring(bits))
                .withMessageContaining("is " + bits + " but must be 16, 20, 24 or 32");
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 20, 24, 32})
    void packAndAdd_outsideTheArrays_refused(int bits) {
        Ring ring = new Ring(bits);
        int[] entries = new int[8];
        byte[] packed = new byte[ring.bytes(8)];

        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> ring.pack(entries, 4, 8, packed, 0));
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> ring.pack(entries, 0, 8, packed, 1));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> ring.add(packed, 1, entries, 0, 8));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> ring.add(packed, 0, entries, 1, 8));
        assertThatIllegalArgumentException().isThrownBy(() -> ring.add(packed, 0, entries, 0, 7));
    }
}
