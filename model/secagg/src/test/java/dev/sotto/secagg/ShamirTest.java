package dev.sotto.secagg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ShamirTest {
    private final SeededRandom random = new SeededRandom(3);

    @Property(tries = 100)
    void combine_anyThresholdOfTheShares_givesTheSecret(
            @ForAll @IntRange(min = 1, max = 40) int n,
            @ForAll @IntRange(min = 1, max = 40) int threshold,
            @ForAll Random order) {
        int t = Math.min(threshold, n);
        byte[] secret = random.bytes(32);
        List<ShamirShare> shares = new ArrayList<>(Shamir.split(secret, n, t, random));
        Collections.shuffle(shares, order);

        assertThat(Shamir.combine(shares.subList(0, t), t)).isEqualTo(secret);
        assertThat(Shamir.combine(shares, t)).isEqualTo(secret);
    }

    @Property(tries = 100)
    void combine_oneShareTooFew_doesNotGiveTheSecret(@ForAll @IntRange(min = 2, max = 40) int t) {
        byte[] secret = random.bytes(32);
        List<ShamirShare> shares = Shamir.split(secret, t, t, random);

        assertThat(Shamir.combine(shares.subList(0, t - 1), t - 1)).isNotEqualTo(secret);
        assertThatIllegalArgumentException().isThrownBy(() -> Shamir.combine(shares.subList(0, t - 1), t));
    }

    /** Secrecy itself: whatever the secret, some last share explains the t - 1 shares an attacker has. */
    @Property(tries = 50)
    void sharesBelowThreshold_anySecret_isStillPossible(@ForAll @IntRange(min = 2, max = 10) int t) {
        List<ShamirShare> known = Shamir.split(random.bytes(32), t, t, random).subList(0, t - 1);
        byte[] guess = random.bytes(32);
        byte[] zero = Shamir.combine(with(known, new ShamirShare(t, new byte[32])), t);

        // The combination is affine in the last share, word by word, so the guess fixes that share.
        int weight = Gf65536Test.inverse(weightOf(t, known));
        byte[] last = new byte[32];
        for (int word = 0; word < 16; word++) {
            int value = (int) Gf65536.multiply(word(guess, word) ^ word(zero, word), weight);
            last[2 * word] = (byte) (value >> 8);
            last[2 * word + 1] = (byte) value;
        }
        assertThat(Shamir.combine(with(known, new ShamirShare(t, last)), t)).isEqualTo(guess);
    }

    private static int weightOf(int place, List<ShamirShare> known) {
        byte[] unit = new byte[32];
        unit[1] = 1;
        List<ShamirShare> zeros = known.stream()
                .map(share -> new ShamirShare(share.x(), new byte[32]))
                .collect(Collectors.toList());
        return word(Shamir.combine(with(zeros, new ShamirShare(place, unit)), place), 0);
    }

    private static List<ShamirShare> with(List<ShamirShare> shares, ShamirShare last) {
        List<ShamirShare> all = new ArrayList<>(shares);
        all.add(last);
        return all;
    }

    private static int word(byte[] bytes, int index) {
        return (bytes[2 * index] & 0xff) << 8 | bytes[2 * index + 1] & 0xff;
    }

    @Test
    void combine_tamperedShare_givesAnother() {
        byte[] secret = random.bytes(32);
        List<ShamirShare> shares = new ArrayList<>(Shamir.split(secret, 3, 3, random));
        byte[] tampered = shares.get(1).y();
        tampered[31] ^= 1;
        shares.set(1, new ShamirShare(2, tampered));

        assertThat(Shamir.combine(shares, 3)).isNotEqualTo(secret);
    }

    @Test
    void combine_placeTwice_refused() {
        List<ShamirShare> shares = Shamir.split(new byte[32], 3, 2, random);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Shamir.combine(List.of(shares.get(0), shares.get(0)), 2))
                .withMessageContaining("only once");
    }

    @Test
    void split_badArguments_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Shamir.split(new byte[31], 3, 2, random));
        assertThatIllegalArgumentException().isThrownBy(() -> Shamir.split(new byte[32], 3, 4, random));
        assertThatIllegalArgumentException().isThrownBy(() -> Shamir.split(new byte[32], 3, 0, random));
        assertThatIllegalArgumentException().isThrownBy(() -> Shamir.split(new byte[32], 65_536, 2, random));
    }

    @Test
    void split_manyShares_highPlacesCombine() {
        byte[] secret = random.bytes(32);
        List<ShamirShare> shares = Shamir.split(secret, 65_535, 2, random);

        assertThat(Shamir.combine(shares.subList(65_533, 65_535), 2)).isEqualTo(secret);
    }
}
