package dev.sotto.federation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.secagg.RoundId;
import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The measurements that show a site's clip and share of the noise, made on broken ones: they must tell. */
class BrokenEncodingTest {
    private static final RoundId ROUND = new RoundId(Tasks.task().id(), 1);
    private static final int SITES = 10;

    private static TaskDefinition distributed(String noiseMultiplier) {
        return Tasks.parse(Tasks.text()
                .replace("chunkEntries: 8192", "chunkEntries: 8196")
                .replace(
                        "mode: central, noiseMultiplier: 0.01",
                        "mode: distributed, noiseMultiplier: " + noiseMultiplier)
                .replace("scale: 65536", "scale: 4096"));
    }

    /** The norm of what a site sends for an update of a hundred times the clip norm. */
    private static double sent(TaskDefinition task) {
        ChunkLayout chunks = task.chunks();
        float[] update = new float[chunks.parameters()];
        Arrays.fill(update, (float) (400 / Math.sqrt(update.length)));
        RoundMetrics metrics = new RoundMetrics(task.training().examplesPerRound(), 1, 1, 1);
        int[] encoded = new UpdateEncoder(task).encode(update, metrics, new SecureRandom());
        double square = 0;
        for (int chunk = 0; chunk < chunks.chunks(); chunk++) {
            for (int i = RoundMetrics.ENTRIES; i < chunks.entriesOf(chunk); i++) {
                double entry = encoded[chunks.firstEntry(chunk) + i];
                square += entry * entry;
            }
        }
        return Math.sqrt(square);
    }

    @Test
    void norm_ofALongUpdate_isTheClipAndWithoutAClipIsSeen() {
        TaskDefinition task = Tasks.task();
        double bound = task.encoding().delta2(task.chunks().dimension());
        assertThat(sent(task)).isLessThanOrEqualTo(bound).isGreaterThan(0.9 * bound);
        assertThat(sent(Tasks.parse(Tasks.text().replace("clipNorm: 4.0", "clipNorm: 400.0"))))
                .isGreaterThan(50 * bound);
        assertThat(sent(Tasks.parse(Tasks.text().replace("clipNorm: 4.0", "clipNorm: 4.1"))))
                .isGreaterThan(bound);
    }

    /** The variance of the sum of what sites send for empty updates. */
    private static double variance(TaskDefinition task) {
        ChunkLayout chunks = task.chunks();
        UpdateEncoder encoder = new UpdateEncoder(task);
        long[] sum = new long[chunks.entries()];
        for (int site = 0; site < SITES; site++) {
            int[] encoded =
                    encoder.encode(new float[chunks.parameters()], RoundMetrics.NONE, ROUND, SITES, new SecureRandom());
            for (int i = 0; i < sum.length; i++) {
                sum[i] += encoded[i];
            }
        }
        return Arrays.stream(sum)
                .mapToDouble(entry -> (double) entry * entry)
                .average()
                .orElseThrow();
    }

    @Test
    void variance_ofAllSitesNoise_coversTheChargeAndIfHalvedOrLeftOutIsSeen() {
        TaskDefinition task = distributed("0.01");
        double charged = (double) task.sigma()
                * task.sigma()
                * SITES
                / task.noiseShare(SITES).honest();
        // 26,000 entries: six standard deviations of the estimate are 5 %.
        assertThat(variance(task) / charged).isBetween(0.95, 1.1);
        assertThat(variance(distributed("0.005")) / charged).isLessThan(0.95);
        assertThat(variance(distributed("0.0071")) / charged).isLessThan(0.95);
        assertThat(variance(Tasks.task())).isZero();
    }
}
