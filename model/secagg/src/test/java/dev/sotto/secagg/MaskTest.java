package dev.sotto.secagg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class MaskTest {
    private static final int ENTRIES = 40_000;

    private final SeededRandom random = new SeededRandom(2);
    private final MaskSeed seed = MaskSeed.generate(random);

    @Property(tries = 100)
    void mask_anyRange_equalsTheSliceOfTheWhole(
            @ForAll @IntRange(max = ENTRIES / 4) int block, @ForAll @IntRange(max = ENTRIES) int length) {
        int first = 4 * block;
        int count = Math.min(length, ENTRIES - first);
        int[] whole = new int[ENTRIES];
        Mask.add(seed, 0, whole, 0, ENTRIES);
        int[] part = new int[count + 2];

        Mask.add(seed, first, part, 1, count);

        assertThat(Arrays.copyOfRange(part, 1, count + 1)).isEqualTo(Arrays.copyOfRange(whole, first, first + count));
        assertThat(part[0]).isZero();
        assertThat(part[count + 1]).isZero();
    }

    @Property(tries = 50)
    void mask_anyCounter_isTheBlockCipherOfThatCounter(@ForAll @LongRange(max = Long.MAX_VALUE / 4) long block)
            throws Exception {
        Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(seed.bytes(), "AES"));
        byte[] counters = ByteBuffer.allocate(32)
                .putLong(0)
                .putLong(block)
                .putLong(0)
                .putLong(block + 1)
                .array();
        int[] expected = new int[8];
        ByteBuffer.wrap(cipher.doFinal(counters))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asIntBuffer()
                .get(expected);
        int[] target = new int[8];

        Mask.add(seed, 4 * block, target, 0, 8);

        assertThat(target).isEqualTo(expected);
    }

    @Test
    void subtract_afterAdd_restores() {
        int[] target = new int[ENTRIES];
        Arrays.setAll(target, i -> i * 31);
        int[] before = target.clone();

        Mask.add(seed, 8, target, 0, ENTRIES);
        assertThat(target).isNotEqualTo(before);
        Mask.subtract(seed, 8, target, 0, ENTRIES);
        assertThat(target).isEqualTo(before);
    }

    @Test
    void expander_reused_givesWhatAFreshOneGives() {
        MaskExpander expander = new MaskExpander();
        int[] reused = new int[ENTRIES];
        expander.add(MaskSeed.generate(random), 0, new int[100], 0, 100);
        expander.add(seed, 16, reused, 0, ENTRIES);
        int[] fresh = new int[ENTRIES];
        Mask.add(seed, 16, fresh, 0, ENTRIES);

        assertThat(reused).isEqualTo(fresh);
    }

    @Test
    void mask_badRange_refused() {
        int[] target = new int[8];

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Mask.add(seed, 6, target, 0, 4))
                .withMessageContaining("multiple of 4");
        assertThatIllegalArgumentException().isThrownBy(() -> Mask.add(seed, -4, target, 0, 4));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> Mask.add(seed, 0, target, 5, 4));
    }

    @Test
    void seed_destroyed_failsClearly() {
        MaskSeed doomed = MaskSeed.of(new byte[32]);
        doomed.destroy();

        assertThatIllegalStateException().isThrownBy(() -> Mask.add(doomed, 0, new int[4], 0, 4));
        assertThat(doomed).hasToString("mask seed (destroyed)");
    }

    @Test
    void seed_sameBytes_isEqual() {
        byte[] bytes = random.bytes(32);

        assertThat(MaskSeed.of(bytes)).isEqualTo(MaskSeed.of(bytes)).isNotEqualTo(seed);
        bytes[0]++;
        assertThat(MaskSeed.of(bytes).bytes()).isEqualTo(bytes);
        assertThatIllegalArgumentException().isThrownBy(() -> MaskSeed.of(new byte[31]));
    }

    @Test
    void pairwiseSeed_anyCoordinateDiffers_isAnother() {
        byte[] shared = random.bytes(32);
        byte[] seal = random.bytes(32);
        byte[] model = random.bytes(32);
        RoundId round = new RoundId(new TaskId("t"), 1);
        SiteId a = new SiteId("a");
        SiteId b = new SiteId("b");
        MaskSeed one = PairwiseMask.seed(shared, seal, round, model, a, b);

        assertThat(PairwiseMask.seed(shared, seal, round, model, b, a)).isEqualTo(one);
        assertThat(PairwiseMask.seed(shared, model, round, model, a, b)).isNotEqualTo(one);
        assertThat(PairwiseMask.seed(shared, seal, round, seal, a, b)).isNotEqualTo(one);
        assertThat(PairwiseMask.seed(shared, seal, new RoundId(new TaskId("t"), 2), model, a, b))
                .isNotEqualTo(one);
        assertThat(PairwiseMask.seed(shared, seal, new RoundId(new TaskId("u"), 1), model, a, b))
                .isNotEqualTo(one);
        assertThat(PairwiseMask.seed(shared, seal, round, model, a, new SiteId("c")))
                .isNotEqualTo(one);
        assertThat(PairwiseMask.seed(seal, seal, round, model, a, b)).isNotEqualTo(one);
        assertThatIllegalArgumentException().isThrownBy(() -> PairwiseMask.seed(shared, seal, round, model, a, a));
        assertThat(PairwiseMask.adds(a, b)).isTrue();
        assertThat(PairwiseMask.adds(b, a)).isFalse();
    }
}
