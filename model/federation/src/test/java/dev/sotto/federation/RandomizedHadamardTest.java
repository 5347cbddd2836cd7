package dev.sotto.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.TaskId;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RandomizedHadamardTest {
    private static final RoundId ROUND = new RoundId(new TaskId("sentiment"), 7);

    @Property(tries = 60)
    void rotate_anyVector_keepsTheNormAndComesBack(@ForAll long seed, @ForAll @IntRange(max = 13) int log) {
        int dimension = 1 << log;
        double[] vector =
                new SplittableRandom(seed).doubles(dimension + 6, -10, 10).toArray();
        double[] rotated = vector.clone();
        RandomizedHadamard rotation = RandomizedHadamard.of(ROUND, 3, dimension);
        rotation.rotate(rotated, 5);
        assertThat(norm(rotated, 5, dimension)).isCloseTo(norm(vector, 5, dimension), within(1e-9));
        assertThat(Arrays.copyOf(rotated, 5)).isEqualTo(Arrays.copyOf(vector, 5));
        assertThat(rotated[dimension + 5]).isEqualTo(vector[dimension + 5]);
        rotation.restore(rotated, 5);
        for (int i = 0; i < vector.length; i++) {
            assertThat(rotated[i]).isCloseTo(vector[i], within(1e-10));
        }
    }

    @Test
    void rotate_oneLargeEntry_isSpreadEvenly() {
        int dimension = 4096;
        double[] vector = new double[dimension];
        vector[1234] = 64;
        RandomizedHadamard.of(ROUND, 0, dimension).rotate(vector, 0);
        assertThat(Arrays.stream(vector).map(Math::abs))
                .allSatisfy(entry -> assertThat(entry).isCloseTo(1, within(1e-12)));
    }

    /** Without the signs all of it would end in the first entry. */
    @Test
    void rotate_constantVector_isSpreadByTheSigns() {
        int dimension = 4096;
        double[] vector = new double[dimension];
        Arrays.fill(vector, 1);
        RandomizedHadamard.of(ROUND, 0, dimension).rotate(vector, 0);
        assertThat(Arrays.stream(vector).map(Math::abs).max().orElseThrow()).isLessThan(5.5);
        assertThat(norm(vector, 0, dimension)).isCloseTo(64, within(1e-9));
    }

    @Test
    void of_otherRoundTaskChunkOrDimension_isAnotherRotation() {
        double[] base = rotated(ROUND, 0);
        assertThat(rotated(ROUND, 0)).isEqualTo(base);
        assertThat(rotated(ROUND, 1)).isNotEqualTo(base);
        assertThat(rotated(new RoundId(ROUND.task(), 8), 0)).isNotEqualTo(base);
        assertThat(rotated(new RoundId(new TaskId("other"), 7), 0)).isNotEqualTo(base);
    }

    @Test
    void of_dimensionThatIsNoPowerOfTwo_isRefusedWithTheRemedy() {
        assertThatThrownBy(() -> RandomizedHadamard.of(ROUND, 0, 4095))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("4095")
                .hasMessageContaining("pad");
    }

    private static double[] rotated(RoundId round, int chunk) {
        double[] vector = new double[256];
        Arrays.setAll(vector, i -> i);
        RandomizedHadamard.of(round, chunk, 256).rotate(vector, 0);
        return vector;
    }

    private static double norm(double[] vector, int from, int count) {
        return Math.sqrt(
                Arrays.stream(vector, from, from + count).map(x -> x * x).sum());
    }
}
