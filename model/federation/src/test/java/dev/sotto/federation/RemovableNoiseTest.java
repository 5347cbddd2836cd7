package dev.sotto.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sotto.secagg.RoundId;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Noise that sites add in parts and that is taken off the sum again. */
class RemovableNoiseTest {
    private static final int SITES = 10;
    private static final String PLAIN = Tasks.text()
            .replace("hidden: 384", "hidden: 30")
            .replace("mode: central, noiseMultiplier: 0.01", "mode: distributed, noiseMultiplier: 1")
            .replace("budgetEpsilon: 100000", "budgetEpsilon: 8")
            .replace(
                    "ringBits: 32, chunkEntries: 8192, clipNorm: 4.0, scale: 65536",
                    "ringBits: 24, chunkEntries: 516, clipNorm: 4.0, scale: 512");
    private static final String TEXT = PLAIN.replace("mode: distributed", "mode: distributed, removal: true");
    private static final TaskDefinition TASK = Tasks.parse(TEXT);
    private static final ChunkLayout CHUNKS = TASK.chunks();
    private static final RoundMetrics ALL = new RoundMetrics(TASK.training().examplesPerRound(), 100, 40, 30);
    private static final RoundId ROUND = new RoundId(TASK.id(), 1);
    private static final RemovableNoise NOISE = new RemovableNoise(TASK.noiseComponents(SITES));

    private final SecureRandom random = new SecureRandom();

    /** Entry by entry: what stays is the plain sum and the components up to as many as dropped out. */
    @Property(tries = 12)
    void remove_linksOfTheSurvivors_leavesExactlyTheComponentsThatStay(
            @ForAll @IntRange(max = 3) int dropouts, @ForAll long seed) {
        SplittableRandom entries = new SplittableRandom(seed);
        for (int chunk : new int[] {0, CHUNKS.chunks() - 1}) {
            int[] sum = entries.ints(CHUNKS.entriesOf(chunk)).toArray();
            int[] expected = sum.clone();
            int[] everything = sum.clone();
            for (int site = dropouts; site < SITES; site++) {
                NoiseLink first = NoiseLink.first(ROUND, random);
                NOISE.add(first, chunk, sum);
                NOISE.add(first, chunk, everything);
                NOISE.add(first, chunk, expected);
                for (int k = dropouts + 1; k <= 3; k++) {
                    add(expected, only(first.at(k), chunk, expected.length), -1);
                }
                NOISE.remove(first.at(dropouts + 1), chunk, sum);
            }
            assertThat(sum).isEqualTo(expected);
            assertThat(Arrays.equals(sum, everything)).isEqualTo(dropouts == 3);
        }
    }

    /** One component alone: that of a link less those after it. */
    private static int[] only(NoiseLink link, int chunk, int length) {
        int[] part = new int[length];
        NOISE.add(link, chunk, part);
        NOISE.remove(link.at(link.component() + 1), chunk, part);
        return part;
    }

    @Test
    void add_anotherChunk_hasOtherNoiseButOnTheMetrics() {
        NoiseLink first = NoiseLink.first(ROUND, random);
        int[] one = new int[CHUNKS.entriesOf(0)];
        int[] other = new int[CHUNKS.entriesOf(1)];
        NOISE.add(first, 0, one);
        NOISE.add(first, 1, other);
        assertThat(Arrays.copyOf(one, RoundMetrics.ENTRIES)).isEqualTo(Arrays.copyOf(other, RoundMetrics.ENTRIES));
        long same = IntStream.range(RoundMetrics.ENTRIES, one.length)
                .filter(i -> one[i] == other[i])
                .count();
        assertThat(same).isLessThan(one.length / 20);
    }

    @Test
    void encode_noiseTakenOffFromTheFirstOn_isWhatIsEncodedWithoutNoise() {
        assertThat(NOISE.components().tolerated()).isEqualTo(3);
        int[] once = encodedWithoutNoise(NoiseLink.first(ROUND, new FixedRandom(1)), 7);
        int[] again = encodedWithoutNoise(NoiseLink.first(ROUND, new FixedRandom(2)), 7);
        assertThat(once).isEqualTo(again);
        assertThat(once[0])
                .isEqualTo(once[CHUNKS.firstEntry(1)])
                .isEqualTo(TASK.metrics().unit());
    }

    private int[] encodedWithoutNoise(NoiseLink first, int seed) {
        int[] encoded = new UpdateEncoder(TASK).encode(update(1), ALL, first, SITES, new FixedRandom(seed));
        for (int chunk = 0; chunk < CHUNKS.chunks(); chunk++) {
            int from = CHUNKS.firstEntry(chunk);
            int[] part = Arrays.copyOfRange(encoded, from, from + CHUNKS.entriesOf(chunk));
            NOISE.remove(first, chunk, part);
            System.arraycopy(part, 0, encoded, from, part.length);
        }
        return encoded;
    }

    @Test
    void encode_oneSite_noisesItsMetricsOnceForAllChunks() {
        int[] encoded = new UpdateEncoder(TASK).encode(update(1), ALL, ROUND, SITES, random);
        int[] front = Arrays.copyOf(encoded, RoundMetrics.ENTRIES);
        for (int chunk = 1; chunk < CHUNKS.chunks(); chunk++) {
            int first = CHUNKS.firstEntry(chunk);
            assertThat(Arrays.copyOfRange(encoded, first, first + RoundMetrics.ENTRIES))
                    .isEqualTo(front);
        }
        assertThat(new UpdateEncoder(TASK).encode(update(1), ALL, ROUND, SITES, random))
                .isNotEqualTo(encoded);
    }

    /** Whoever drops out, the sum has the variance that is charged with the colluders' share on top; never less, never more. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void remove_anyDropouts_leavesTheSameVariance(int dropouts) {
        int chunk = 0;
        int[] sum = new int[CHUNKS.entriesOf(chunk)];
        double square = 0;
        int repeats = 20;
        for (int repeat = 0; repeat < repeats; repeat++) {
            Arrays.fill(sum, 0);
            for (int site = dropouts; site < SITES; site++) {
                NoiseLink first = NoiseLink.first(ROUND, random);
                NOISE.add(first, chunk, sum);
                NOISE.remove(first.at(dropouts + 1), chunk, sum);
            }
            square += Arrays.stream(sum).asDoubleStream().map(y -> y * y).sum();
        }
        int entries = repeats * sum.length;
        double sigma = TASK.sumSigma(SITES, SITES - dropouts);
        // 10 announced, 3 may be missing, 1 may collude.
        assertThat(sigma * sigma).isCloseTo((double) TASK.sigma() * TASK.sigma() * 7 / 6, within(1.0));
        assertThat(square / entries / (sigma * sigma)).isCloseTo(1, within(5 * Math.sqrt(2.0 / entries)));
    }

    @Test
    void sumSigma_comparedWithNoiseInOnePiece_isThatOfTheFewestSurvivors() {
        TaskDefinition plain = Tasks.parse(PLAIN);
        for (int dropouts = 0; dropouts <= 3; dropouts++) {
            double ratio = TASK.sumSigma(SITES, SITES - dropouts) / plain.sumSigma(SITES, SITES - dropouts);
            assertThat(ratio * ratio).isCloseTo(7.0 / (SITES - dropouts), within(1e-9));
        }
        double share = plain.noiseShare(SITES).localSigma();
        double ofComponents = IntStream.rangeClosed(0, 3)
                .mapToDouble(NOISE.components()::variance)
                .sum();
        assertThat(ofComponents).isCloseTo(share * share, within(1e-6 * ofComponents));
        TaskDefinition central = Tasks.parse(PLAIN.replace("mode: distributed", "mode: central"));
        assertThat(central.sumSigma(SITES, 4)).isEqualTo(central.sigma());
    }

    /** Skellam noise costs what a discrete Gaussian does, and some for the orders between the integers. */
    @ParameterizedTest
    @CsvSource({"2, 1.005", "8, 1.03", "100000, 2.001"})
    void rho_removal_isLittleMoreThanThatOfTheDiscreteGaussian(double budget, double most) {
        String epsilon = "budgetEpsilon: " + budget;
        double removal = Tasks.parse(TEXT.replace("budgetEpsilon: 8", epsilon)).rho();
        double plain = Tasks.parse(PLAIN.replace("budgetEpsilon: 8", epsilon)).rho();
        assertThat(removal / plain).isBetween(1.0, most);
    }

    @Test
    void hash_taskWithoutRemoval_isWhatItWasBeforeThereWasAny() throws Exception {
        TaskDefinition plain = Tasks.parse(PLAIN);
        assertThat(new ObjectMapper().writeValueAsString(plain)).doesNotContain("removal");
        assertThat(Tasks.parse(TEXT.replace("removal: true", "removal: false")).sha256())
                .isEqualTo(plain.sha256());
        assertThat(TASK.sha256()).isNotEqualTo(plain.sha256());
        assertThat(new ObjectMapper().writeValueAsString(TASK)).contains("\"removal\":true");
    }

    @ParameterizedTest
    @CsvSource({
        "mode: distributed, mode: central, privacy.removal is true, only noise of the sites",
        "'privacy:', 'protocol: {dropout: 0}\nprivacy:', privacy.removal is true, protocol.dropout is 0",
    })
    void task_removalWithoutWhatItTakes_isRefusedWithTheReason(String from, String to, String message, String remedy) {
        assertThatThrownBy(() -> Tasks.parse(TEXT.replace(from, to)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(message)
                .hasMessageContaining(remedy);
    }

    @Test
    void noise_thatIsTooLargeOrInOnePiece_isRefusedWithTheRemedy() {
        TaskDefinition loud =
                Tasks.parse(TEXT.replace("scale: 512", "scale: 65536").replace("ringBits: 24", "ringBits: 32"));
        assertThatThrownBy(() -> loud.requireWorkable(SITES)).hasMessageContaining("lower encoding.scale");
        TaskDefinition plain = Tasks.parse(PLAIN);
        assertThatThrownBy(() -> plain.noiseComponents(SITES)).hasMessageContaining("privacy.removal is false");
        NoiseLink first = NoiseLink.first(ROUND, random);
        assertThatThrownBy(() -> new UpdateEncoder(plain).encode(update(1), ALL, first, SITES, random))
                .hasMessageContaining("privacy.removal is false");
        assertThatThrownBy(() -> new UpdateEncoder(TASK).encode(update(1), ALL, first.at(1), SITES, random))
                .hasMessageContaining("first component");
    }

    private static void add(int[] sum, int[] part, int sign) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += sign * part[i];
        }
    }

    private static float[] update(int site) {
        SplittableRandom source = new SplittableRandom(site);
        float[] update = new float[CHUNKS.parameters()];
        for (int i = 0; i < update.length; i++) {
            update[i] = (float) ((source.nextDouble() - 0.4) * 0.1);
        }
        return update;
    }

    /** The same bytes from the same seed, to see what does not depend on them. */
    private static final class FixedRandom extends SecureRandom {
        private static final long serialVersionUID = 1L;

        private final SplittableRandom source;

        FixedRandom(long seed) {
            this.source = new SplittableRandom(seed);
        }

        @Override
        public void nextBytes(byte[] bytes) {
            source.nextBytes(bytes);
        }

        @Override
        public long nextLong() {
            return source.nextLong();
        }
    }
}
