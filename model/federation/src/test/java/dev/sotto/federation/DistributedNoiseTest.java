package dev.sotto.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.secagg.RoundId;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole way in the mode where sites add the noise: encode at sites, sum in the ring, decode. */
class DistributedNoiseTest {
    private static final int SITES = 10;
    /** 2013 parameters in chunks of 512, the last of 477. */
    private static final String TEXT = Tasks.text()
            .replace("hidden: 384", "hidden: 30")
            .replace("mode: central, noiseMultiplier: 0.01", "mode: distributed, noiseMultiplier: 0.1")
            .replace(
                    "ringBits: 32, chunkEntries: 8192, clipNorm: 4.0, scale: 65536",
                    "ringBits: 24, chunkEntries: 516, clipNorm: 4.0, scale: 512");

    private static final TaskDefinition TASK = Tasks.parse(TEXT);
    private static final ChunkLayout CHUNKS = TASK.chunks();
    private static final RoundMetrics ALL = new RoundMetrics(TASK.training().examplesPerRound(), 100, 40, 30);

    private final SecureRandom random = new SecureRandom();

    @Test
    void layout_lastChunkThatIsNoPowerOfTwo_isPadded() {
        assertThat(CHUNKS.parameters()).isEqualTo(2013);
        assertThat(CHUNKS.parametersOf(3)).isEqualTo(477);
        assertThat(CHUNKS.dimensionOf(3)).isEqualTo(512);
        assertThat(CHUNKS.dimension()).isEqualTo(2048);
        assertThat(CHUNKS.entries()).isEqualTo(4 * 516);
        // A short last chunk is padded to 1024, so that nothing is concentrated in a few entries.
        assertThat(new ChunkLayout(8200, 8196, true).dimensionOf(1)).isEqualTo(1024);
    }

    /** Over rounds the errors of the mean average out to zero, and each is as large as the noise says: neither omitted nor halved. */
    @Test
    void decode_sumOfUpdates_isTheirMeanWithTheSharedNoise() {
        TASK.requireWorkable(SITES);
        int rounds = 16;
        int survivors = TASK.leastSurvivors(SITES);
        assertThat(survivors).isEqualTo(7);
        double[] bias = new double[CHUNKS.parameters()];
        double square = 0;
        for (int number = 1; number <= rounds; number++) {
            RoundId round = new RoundId(TASK.id(), number);
            double[] exact = new double[CHUNKS.parameters()];
            int[] sum = new int[CHUNKS.entries()];
            for (int site = 0; site < survivors; site++) {
                float[] update = update(site);
                add(sum, TASK, update, round);
                for (int i = 0; i < update.length; i++) {
                    exact[i] += (double) update[i] / survivors;
                }
            }
            for (int chunk = 0; chunk < CHUNKS.chunks(); chunk++) {
                GroupMean decoded = decode(TASK, sum, new SumTerms(round, chunk, SITES, survivors));
                assertThat(decoded.plausible()).isTrue();
                assertThat(decoded.mean()).hasSize(CHUNKS.parametersOf(chunk));
                for (int i = 0; i < decoded.mean().length; i++) {
                    int parameter = CHUNKS.firstParameter(chunk) + i;
                    // The weight is a noised count too; what it is divided by does not count as an error here.
                    double error = decoded.mean()[i] * decoded.weight() / survivors - exact[parameter];
                    bias[parameter] += error / rounds;
                    square += error * error / rounds / CHUNKS.parameters();
                }
            }
        }
        double lattice = TASK.encoding().scale() * survivors;
        double sigma = TASK.noiseShare(SITES).sumSigma(survivors);
        double deviation = Math.sqrt(square) * lattice;
        // Rounding adds a little to the noise.
        assertThat(deviation).isBetween(sigma * 0.98, Math.sqrt(sigma * sigma + survivors / 4.0) * 1.02);
        assertThat(Arrays.stream(bias).average().orElseThrow())
                .isCloseTo(0, within(5 * deviation / lattice / Math.sqrt(rounds * (double) bias.length)));
        double largest = Arrays.stream(bias).map(Math::abs).max().orElseThrow();
        assertThat(largest).isLessThan(6 * deviation / lattice / Math.sqrt(rounds));
    }

    @Test
    void encode_oneSite_noisesItsMetricsOnceForAllChunks() {
        RoundId round = new RoundId(TASK.id(), 1);
        int[] encoded = new UpdateEncoder(TASK).encode(update(1), ALL, round, SITES, random);
        int[] front = Arrays.copyOf(encoded, RoundMetrics.ENTRIES);
        for (int chunk = 1; chunk < CHUNKS.chunks(); chunk++) {
            int first = CHUNKS.firstEntry(chunk);
            assertThat(Arrays.copyOfRange(encoded, first, first + RoundMetrics.ENTRIES))
                    .isEqualTo(front);
        }
        int[] again = new UpdateEncoder(TASK).encode(update(1), ALL, round, SITES, random);
        assertThat(Arrays.copyOf(again, RoundMetrics.ENTRIES)).isNotEqualTo(front);
    }

    @Test
    void decode_underAnotherRoundsRotation_isNotTheMean() {
        RoundId round = new RoundId(TASK.id(), 1);
        int[] sum = new int[CHUNKS.entries()];
        float[] update = new float[CHUNKS.parameters()];
        update[0] = 3.9f;
        for (int site = 0; site < SITES; site++) {
            add(sum, TASK, update, round);
        }
        RoundId other = new RoundId(TASK.id(), 2);
        assertThat(firstEntry(decode(TASK, sum, new SumTerms(round, 0, SITES, SITES))))
                .isCloseTo(3.9, within(0.4));
        assertThat(firstEntry(decode(TASK, sum, new SumTerms(other, 0, SITES, SITES))))
                .isLessThan(2);
    }

    /** As the mean of all sites: the noised weight that it was divided by is taken out. */
    private static double firstEntry(GroupMean decoded) {
        return decoded.mean()[0] * decoded.weight() / SITES;
    }

    @Test
    void encodeAndDecode_centralTask_areTheSameByEitherCall() {
        TaskDefinition central = Tasks.parse(TEXT.replace("mode: distributed", "mode: central"));
        RoundId round = new RoundId(central.id(), 1);
        int[] sum = new UpdateEncoder(central).encode(update(1), ALL, round, SITES, random);
        ChunkLayout chunks = central.chunks();
        int[] slice = Arrays.copyOf(sum, chunks.entriesOf(0));
        SumDecoder decoder = new SumDecoder(central);
        assertThat(decoder.decode(slice, new SumTerms(round, 0, SITES, 1)).mean())
                .isEqualTo(decoder.decode(slice, chunks.parametersOf(0), 1).mean());
        assertThat(central.leastSurvivors(SITES)).isEqualTo(central.rounds().minSurvivors());
        assertThat(central.rho()).isEqualTo(central.privacy().rho(central.delta2()));
    }

    /** Announced sites are of the cohort, so who checks by either number refuses no fewer. */
    @Test
    void leastSites_distributedTask_areNeverFewerThanTheNoiseNeeds() {
        for (int cohort = 3; cohort <= 60; cohort += 3) {
            int least = TASK.leastSites(cohort, 2, true);
            for (int announced : new int[] {least, (least + cohort) / 2, cohort}) {
                assertThat(least).isGreaterThanOrEqualTo(TASK.leastSurvivors(announced));
                assertThat(TASK.leastSurvivors(announced))
                        .isGreaterThanOrEqualTo(TASK.noiseShare(announced).leastSurvivors());
            }
        }
        TaskDefinition central = Tasks.parse(TEXT.replace("mode: distributed", "mode: central"));
        assertThat(central.leastSites(60, 2, true)).isEqualTo(3);
    }

    @Test
    void rho_distributed_isThatOfTheSumAndBarelyMore() {
        double central = TASK.privacy().rho(TASK.delta2());
        assertThat(TASK.rho()).isBetween(central * (1 - 1e-12), central * (1 + 1e-6));
    }

    @Test
    void callsWithoutRound_distributedTask_areRefusedWithTheReason() {
        assertThatThrownBy(() -> new UpdateEncoder(TASK).encode(update(1), ALL, random))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("privacy.mode is distributed");
        assertThatThrownBy(() -> new SumDecoder(TASK).decode(new int[516], 512, 3))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("privacy.mode is distributed");
    }

    @ParameterizedTest
    @CsvSource({
        "chunkEntries: 516, chunkEntries: 520, encoding.chunkEntries is 520, for example 516",
        "'unmaskSeconds: 30', 'unmaskSeconds: 30, closeAfter: 3', rounds.closeAfter is 3, would lack",
        "'privacy:', 'robust: {combine: mean, groups: 2}\nprivacy:', robust.groups is 2, 1 where sites add the noise",
    })
    void task_settingThatSharedNoiseCannotBear_isRefusedWithTheRemedy(
            String from, String to, String message, String remedy) {
        assertThatThrownBy(() -> Tasks.parse(TEXT.replace(from, to)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(message)
                .hasMessageContaining(remedy);
    }

    @ParameterizedTest
    @CsvSource({
        "scale: 512, scale: 4194304, encoding.scale is 4194304.0, widen encoding.ringBits",
        "scale: 512, scale: 16, encoding.scale is 16.0, raise it",
        "'ringBits: 24, chunkEntries: 516, clipNorm: 4.0, scale: 512', 'ringBits: 16, chunkEntries: 516, clipNorm: 4.0, scale: 4096, metricsShare: 1', the sum of metrics, encoding.metricsShare",
        "noiseMultiplier: 0.1, noiseMultiplier: 0.001, a site's noise among, encoding.scale",
    })
    void requireWorkable_numbersThatDoNotFit_areRefusedWithTheRemedy(
            String from, String to, String message, String remedy) {
        TaskDefinition task = Tasks.parse(TEXT.replace(from, to));
        assertThatThrownBy(() -> task.requireWorkable(SITES))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(message)
                .hasMessageContaining(remedy);
    }

    private void add(int[] sum, TaskDefinition task, float[] update, RoundId round) {
        int[] encoded = new UpdateEncoder(task).encode(update, ALL, round, SITES, random);
        for (int i = 0; i < sum.length; i++) {
            sum[i] += encoded[i];
        }
    }

    private static GroupMean decode(TaskDefinition task, int[] sum, SumTerms terms) {
        int first = CHUNKS.firstEntry(terms.chunk());
        int[] slice = Arrays.copyOfRange(sum, first, first + CHUNKS.entriesOf(terms.chunk()));
        task.encoding().ring().reduce(slice);
        task.encoding().ring().centre(slice);
        return new SumDecoder(task).decode(slice, terms);
    }

    private static float[] update(int site) {
        SplittableRandom source = new SplittableRandom(site);
        float[] update = new float[CHUNKS.parameters()];
        for (int i = 0; i < update.length; i++) {
            update[i] = (float) ((source.nextDouble() - 0.4) * 0.1);
        }
        return update;
    }
}
