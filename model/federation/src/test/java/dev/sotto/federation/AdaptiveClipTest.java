package dev.sotto.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.privacy.DiscreteGaussian;
import dev.sotto.privacy.DiscreteGaussianTable;
import dev.sotto.privacy.NoiseKey;
import dev.sotto.privacy.RandomWords;
import dev.sotto.secagg.Ring;
import dev.sotto.secagg.RoundId;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdaptiveClipTest {
    private static final int SITES = 40;
    private static final String ADAPTIVE = ", adaptive: {target: 0.5, rate: 0.3, share: 0.4}}";
    private static final String CENTRAL = "mode: central, noiseMultiplier: 1.0";
    private static final String DISTRIBUTED = "mode: distributed, noiseMultiplier: 1.0";

    private final SecureRandom random = new SecureRandom();

    private static TaskDefinition task(String privacy, int minSurvivors) {
        boolean distributed = privacy.contains("distributed");
        return Tasks.parse(Tasks.text()
                .replace(
                        "base: {name: all-minilm-l6-v2, layers: 6, hidden: 384}",
                        "base: {name: none, layers: 1, hidden: 8}")
                .replace("rank: 8, alpha: 16, layers: [4, 5]", "rank: 1, alpha: 1, layers: [0]")
                .replace("minCohort: 3, minSurvivors: 3", "minCohort: %1$d, minSurvivors: %1$d".formatted(minSurvivors))
                .replace("chunkEntries: 8192", "chunkEntries: " + (distributed ? 68 : 64))
                .replace("scale: 65536}", "scale: 4096" + ADAPTIVE)
                .replace("mode: central, noiseMultiplier: 0.01", privacy));
    }

    /** The medians of what sites train differ by a factor of 64 from where the clip begins, in both directions. */
    @ParameterizedTest
    @CsvSource({"central, 0.06", "central, 250", "distributed, 0.06", "distributed, 250"})
    void clipNorm_overRounds_comesToTheMedianLengthOfUpdates(String mode, double median) {
        TaskDefinition task = task(mode.equals("central") ? CENTRAL : DISTRIBUTED, 30);
        double clipNorm = task.encoding().clipNorm();
        double room = task.encoding().room() / clipNorm;
        SplittableRandom lengths = new SplittableRandom(4);
        double average = 0;
        int rounds = 60;
        int last = 15;
        for (int round = 1; round <= rounds; round++) {
            double unclipped = unclipped(task, round, clipNorm, median, lengths);
            clipNorm = task.encoding().clipAfter(clipNorm, unclipped);
            average += round > rounds - last ? Math.log(clipNorm * room / median) / last : 0;
        }
        // Lengths are within a factor of 2 of the median; the clip wanders by a few hundredths a round.
        assertThat(average).isEqualTo(0, within(0.15));
    }

    /** One round of all sites through encoder, noise and decoder: the share that is released. */
    private double unclipped(
            TaskDefinition task, int number, double clipNorm, double median, SplittableRandom lengths) {
        RoundId round = new RoundId(task.id(), number);
        UpdateEncoder encoder = new UpdateEncoder(task);
        ChunkLayout chunks = task.chunks();
        int[] sum = new int[chunks.entries()];
        float[] direction = new float[task.layout().size()];
        int within = 0;
        double enlargement = task.encoding().enlargement(clipNorm);
        double room = task.encoding().room() * enlargement;
        double[] exact = new double[direction.length];
        RoundMetrics all = new RoundMetrics(task.training().examplesPerRound(), 1, 1, 1);
        for (int site = 0; site < SITES; site++) {
            double length = median * Math.pow(2, lengths.nextDouble(-1, 1));
            within += length <= room ? 1 : 0;
            for (int i = 0; i < direction.length; i++) {
                direction[i] = (float) (lengths.nextDouble() - 0.3);
            }
            double norm = norm(direction);
            for (int i = 0; i < direction.length; i++) {
                exact[i] += direction[i] / norm * Math.min(length, room) / SITES;
                direction[i] = (float) (direction[i] / norm * length / enlargement);
            }
            int[] encoded = encoder.encode(direction, all, round, SITES, random);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += encoded[i];
            }
        }
        if (task.privacy().central()) {
            try (NoiseKey key = NoiseKey.fresh(random)) {
                RandomWords words = key.words();
                DiscreteGaussianTable.of(DiscreteGaussian.ofSigma(task.sigma())).addTo(sum, words);
            }
        }
        Ring ring = task.encoding().ring();
        ring.reduce(sum);
        ring.centre(sum);
        SumDecoder decoder = new SumDecoder(task);
        double unclipped = Double.NaN;
        double cosine = 0;
        for (int chunk = 0; chunk < chunks.chunks(); chunk++) {
            int first = chunks.firstEntry(chunk);
            int[] part = Arrays.copyOfRange(sum, first, first + chunks.entriesOf(chunk));
            GroupMean mean = decoder.decode(part, new SumTerms(round, chunk, SITES, SITES));
            boolean last = chunk == chunks.chunks() - 1;
            assertThat(mean.mean()).hasSize(chunks.parametersOf(chunk) - (last ? 1 : 0));
            assertThat(Double.isNaN(mean.unclipped())).isEqualTo(!last);
            unclipped = mean.unclipped();
            for (int i = 0; i < mean.mean().length; i++) {
                // The weight has noise of its own.
                double weighted = mean.mean()[i] * mean.weight() / SITES;
                cosine += weighted * enlargement * exact[chunks.firstParameter(chunk) + i];
            }
        }
        // The mean, enlarged again, is that of the clipped updates, as far as the noise lets it be seen.
        double exactNorm = norm(exact);
        double noise = task.sumSigma(SITES, SITES) / (task.encoding().scale() * SITES) * enlargement;
        assertThat(cosine / exactNorm).isEqualTo(exactNorm, within(6 * noise + 0.02 * exactNorm));
        assertThat(unclipped)
                .isEqualTo(
                        within / (double) SITES,
                        within(6 * task.clipNoise(SITES).orElseThrow()));
        return unclipped;
    }

    private static double norm(float[] vector) {
        double[] exact = new double[vector.length];
        Arrays.setAll(exact, i -> vector[i]);
        return norm(exact);
    }

    private static double norm(double[] vector) {
        return Math.sqrt(Arrays.stream(vector).map(v -> v * v).sum());
    }

    /** Whatever a round's clip norm is said to be, an update with its bit keeps the bound that is charged. */
    @ParameterizedTest
    @ValueSource(doubles = {1e-9, 0.5, 1, 3, 1e9})
    void encode_updateOfAnyLength_keepsTheTasksBoundWithTheBit(double length) {
        TaskDefinition task = task(CENTRAL, 30);
        float[] update = new float[task.layout().size()];
        Arrays.fill(update, (float) (length / Math.sqrt(update.length)));
        int[] encoded = new UpdateEncoder(task)
                .encode(update, new RoundMetrics(task.training().examplesPerRound(), 0, 0, 0), random);
        ChunkLayout chunks = task.chunks();
        double square = 0;
        for (int chunk = 0; chunk < chunks.chunks(); chunk++) {
            for (int i = RoundMetrics.ENTRIES; i < chunks.entriesOf(chunk); i++) {
                square += Math.pow(encoded[chunks.firstEntry(chunk) + i], 2);
            }
        }
        assertThat(Math.sqrt(square)).isLessThanOrEqualTo(task.encoding().delta2(chunks.dimension()) * (1 + 1e-12));
        int bit = encoded[chunks.entries() - padding(chunks) - 1];
        assertThat((double) bit).isEqualTo((length <= task.encoding().room() ? 0.4 : -0.4) * 4 * 4096, within(1.0));
    }

    private static int padding(ChunkLayout chunks) {
        int last = chunks.chunks() - 1;
        return chunks.entriesOf(last) - RoundMetrics.ENTRIES - chunks.parametersOf(last);
    }

    @Test
    void next_noiseBeyondAnyShare_staysWithinReach() {
        AdaptiveClip adaptive = new AdaptiveClip(0.5, 1, 0.4);
        assertThat(adaptive.next(4, 4, -17)).isEqualTo(4 * StrictMath.exp(0.5));
        assertThat(adaptive.next(4, 4, 1e9)).isEqualTo(4 * StrictMath.exp(-0.5));
        assertThat(adaptive.next(4, 4096, 0)).isEqualTo(4096);
        assertThat(adaptive.next(4, 1 / 256.0, 1)).isEqualTo(1 / 256.0);
        assertThat(adaptive.admits(4, 4096)).isTrue();
        assertThat(adaptive.admits(4, 4097)).isFalse();
        assertThat(adaptive.admits(4, Double.NaN)).isFalse();
    }

    @Test
    void clipAfter_withoutTheShareThatBelongsToIt_isRefused() {
        assertThatThrownBy(() -> task(CENTRAL, 30).encoding().clipAfter(4, null))
                .hasMessageContaining("adaptive");
        assertThatThrownBy(() -> Tasks.task().encoding().clipAfter(4, 0.5)).hasMessageContaining("adaptive");
        assertThat(Tasks.task().encoding().clipAfter(4, null)).isEqualTo(4);
        assertThat(Tasks.task().encoding().admitsClip(4.1)).isFalse();
    }

    @Test
    void task_withTooFewSurvivors_isRefusedWithTheNumberThatItTakes() {
        TaskDefinition few = task(CENTRAL, 3);
        assertThatThrownBy(() -> few.requireWorkable(SITES))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("in a sum of 3 survivors")
                .hasMessageContaining("it takes 13 survivors");
        task(CENTRAL, 13).requireWorkable(SITES);
        assertThatThrownBy(() -> task(CENTRAL, 12).requireWorkable(SITES)).isInstanceOf(ConfigurationException.class);
        task(DISTRIBUTED, 30).requireWorkable(SITES);
    }

    @ParameterizedTest
    @CsvSource({
        "'mode: central, noiseMultiplier: 1.0', 'mode: record, noiseMultiplier: 1.0, record: {samplingRate: 0.1, clipNorm: 1.0}', encoding.adaptive, no noise of its own",
        "'privacy: {', 'robust: {combine: median, groups: 3}\nprivacy: {', robust.groups, steer",
        "'unmaskSeconds: 30', 'unmaskSeconds: 30, closeAfter: 30, maxStaleness: 1', rounds.maxStaleness, late update",
        "'share: 0.4', 'share: 0.9', encoding.adaptive.share, 0.05",
        "'target: 0.5', 'target: 1', encoding.adaptive.target, between",
        "'rate: 0.3', 'rate: 0', encoding.adaptive.rate, above"
    })
    void task_thatDoesNotGoWithIt_isRefusedWithTheReason(String from, String to, String key, String reason) {
        String text = Tasks.text()
                .replace("scale: 65536}", "scale: 65536" + ADAPTIVE)
                .replace("mode: central, noiseMultiplier: 0.01", CENTRAL);
        assertThat(text).contains(from);
        assertThatThrownBy(() ->
                        Tasks.parse(text.replace(from, to).replace("priorCorrection: true", "priorCorrection: false")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(key)
                .hasMessageContaining(reason);
    }

    @Test
    void task_withoutIt_keepsTheHashItHad() {
        assertThat(Tasks.task().sha256())
                .isEqualTo(Tasks.parse(Tasks.text().replace("scale: 65536}", "scale: 65536, adaptive: null}"))
                        .sha256());
        assertThat(new String(Tasks.task().sha256()))
                .isNotEqualTo(new String(task(CENTRAL, 3).sha256()));
    }
}
