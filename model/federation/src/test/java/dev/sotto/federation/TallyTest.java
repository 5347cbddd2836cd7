package dev.sotto.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.privacy.DiscreteGaussian;
import dev.sotto.privacy.DiscreteGaussianTable;
import dev.sotto.privacy.NoiseKey;
import dev.sotto.secagg.Ring;
import dev.sotto.secagg.RoundId;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Judgements by class, behind the update: what is summed is what was counted, within the noise and the bound that is charged. */
class TallyTest {
    private static final int SITES = 40;
    private static final String ADAPTIVE = ", adaptive: {target: 0.5, rate: 0.3, share: 0.5}";

    private final SecureRandom random = new SecureRandom();
    private final SplittableRandom counts = new SplittableRandom(3);

    /** Two heads, of 9 and 5 numbers; 40 sites of a model of few parameters in chunks that the tally lies across. */
    private static TaskDefinition task(String mode, String more) {
        return Tasks.parse(Tasks.text()
                .replace(
                        "base: {name: all-minilm-l6-v2, layers: 6, hidden: 384}",
                        "base: {name: none, layers: 1, hidden: 8}")
                .replace("rank: 8, alpha: 16, layers: [4, 5]", "rank: 1, alpha: 1, layers: [0]")
                .replace("positive]}]", "positive]}, {name: ner, kind: tokens, labels: [PER]}]")
                .replace("minCohort: 3, minSurvivors: 3", "minCohort: 30, minSurvivors: 30")
                .replace("chunkEntries: 8192", "chunkEntries: " + (mode.equals("distributed") ? 20 : 16))
                .replace("scale: 65536}", "scale: 4096, tally: {share: 0.4, judged: 240}" + more + "}")
                .replace("mode: central, noiseMultiplier: 0.01", "mode: %s, noiseMultiplier: 0.05".formatted(mode)));
    }

    private List<Double> tally(int judged) {
        List<Double> tally = new ArrayList<>(Collections.nCopies(14, 0.0));
        for (int i = 0; i < judged; i++) {
            int at = counts.nextInt(tally.size());
            tally.set(at, tally.get(at) + 1);
        }
        return tally;
    }

    @ParameterizedTest
    @CsvSource({"central, false", "central, true", "distributed, false", "distributed, true"})
    void tally_ofManySites_isTheirSumWithinTheNoise(String mode, boolean adaptive) {
        TaskDefinition task = task(mode, adaptive ? ADAPTIVE : "");
        RoundId round = new RoundId(task.id(), 1);
        UpdateEncoder encoder = new UpdateEncoder(task);
        ChunkLayout chunks = task.chunks();
        float[] update = new float[task.layout().size()];
        int[] sum = new int[chunks.entries()];
        double[] exact = new double[task.tally().size()];
        for (int site = 0; site < SITES; site++) {
            Arrays.fill(update, 0.01f * site);
            List<Double> tally = site == 0 ? List.of() : tally(100 + site);
            for (int i = 0; i < tally.size(); i++) {
                exact[i] += tally.get(i);
            }
            RoundMetrics metrics = new RoundMetrics(120, 30, 100 + site, site, tally);
            int[] encoded = encoder.encode(update, metrics, round, SITES, random);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += encoded[i];
            }
        }
        if (task.privacy().central()) {
            try (NoiseKey key = NoiseKey.fresh(random)) {
                DiscreteGaussianTable.of(DiscreteGaussian.ofSigma(task.sigma())).addTo(sum, key.words());
            }
        }
        Ring ring = task.encoding().ring();
        ring.reduce(sum);
        ring.centre(sum);
        SumDecoder decoder = new SumDecoder(task);
        List<Double> released = new ArrayList<>();
        int parameters = 0;
        int parts = 0;
        for (int chunk = 0; chunk < chunks.chunks(); chunk++) {
            int first = chunks.firstEntry(chunk);
            GroupMean mean = decoder.decode(
                    Arrays.copyOfRange(sum, first, first + chunks.entriesOf(chunk)),
                    new SumTerms(round, chunk, SITES, SITES));
            released.addAll(mean.metrics().tally());
            parts += mean.metrics().tally().isEmpty() ? 0 : 1;
            parameters += mean.mean().length;
            assertThat(Double.isNaN(mean.unclipped())).isEqualTo(!adaptive || chunk < chunks.chunks() - 1);
        }
        assertThat(parameters).isEqualTo(update.length);
        assertThat(parts).as("chunks with a part of the tally").isGreaterThan(1);
        double noise = task.tally().noise(task.sumSigma(SITES, SITES));
        assertThat(noise).isBetween(1.0, 60.0);
        assertThat(released).hasSameSizeAs(exact);
        for (int i = 0; i < exact.length; i++) {
            // Beside the noise, rounding to the lattice.
            assertThat(released.get(i)).isEqualTo(exact[i], within(6.5 * noise));
        }
    }

    /** However many judgements a site says it made, and however long its update is, both keep the bound that is charged. */
    @ParameterizedTest
    @ValueSource(ints = {1, 240, 100_000})
    void encode_tallyOfAnySize_keepsTheTasksBoundTogetherWithTheUpdate(int judged) {
        TaskDefinition task = task("central", ADAPTIVE);
        float[] update = new float[task.layout().size()];
        Arrays.fill(update, 100);
        List<Double> tally = new ArrayList<>(Collections.nCopies(14, 0.0));
        tally.set(3, (double) judged);
        int[] encoded = new UpdateEncoder(task).encode(update, new RoundMetrics(240, 0, 0, 0, tally), random);
        ChunkLayout chunks = task.chunks();
        double square = 0;
        for (int chunk = 0; chunk < chunks.chunks(); chunk++) {
            for (int i = RoundMetrics.ENTRIES; i < chunks.entriesOf(chunk); i++) {
                square += Math.pow(encoded[chunks.firstEntry(chunk) + i], 2);
            }
        }
        assertThat(Math.sqrt(square)).isLessThanOrEqualTo(task.encoding().delta2(chunks.dimension()) * (1 + 1e-12));
        int number = update.length + 3;
        int perChunk = chunks.chunkEntries() - RoundMetrics.ENTRIES;
        int told = encoded[chunks.firstEntry(number / perChunk) + RoundMetrics.ENTRIES + number % perChunk];
        assertThat((double) told).isEqualTo(Math.min(1, judged / 240.0) * 0.4 * 4 * 4096, within(1.0));
    }

    @Test
    void encode_tallyOfAnotherLength_isRefusedWithBoth() {
        UpdateEncoder encoder = new UpdateEncoder(task("central", ""));
        float[] update = new float[task("central", "").layout().size()];
        RoundMetrics metrics = new RoundMetrics(1, 1, 1, 1, List.of(1.0, 2.0));
        assertThatThrownBy(() -> encoder.encode(update, metrics, random))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a tally has 14 numbers, not 2");
    }

    @Test
    void tally_whereItCannotBe_isRefusedWithTheReason() {
        assertThatThrownBy(() -> Tasks.parse(
                        Tasks.text().replace("scale: 65536}", "scale: 65536, tally: {share: 0.6, judged: 64}}")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("encoding.tally")
                .hasMessageContaining("0.6");
        assertThatThrownBy(() -> Tasks.parse(Tasks.text()
                        .replace("scale: 65536}", "scale: 65536, tally: {share: 0.2, judged: 64}}")
                        .replace("priorCorrection: true", "priorCorrection: false")
                        .replace("mode: central", "mode: record, record: {samplingRate: 0.1, clipNorm: 1}")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("encoding.tally")
                .hasMessageContaining("left out where records are protected");
    }

    @Test
    void tally_leftOut_isNotInTheTasksHash() {
        assertThat(Tasks.parse(Tasks.text().replace("scale: 65536}", "scale: 65536, tally: null}"))
                        .sha256())
                .isEqualTo(Tasks.task().sha256());
        assertThat(Tasks.parse(Tasks.text().replace("scale: 65536}", "scale: 65536, tally: {share: 0.2, judged: 64}}"))
                        .sha256())
                .isNotEqualTo(Tasks.task().sha256());
    }
}
