package dev.sotto.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.privacy.NoiseKey;
import dev.sotto.privacy.PrivacyBudget;
import dev.sotto.privacy.accounting.RdpAccountant;
import dev.sotto.privacy.accounting.Schedule;
import dev.sotto.secagg.RoundId;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A task that protects records: what it costs, what it refuses, and that its sums carry the sites' noise alone. */
class RecordModeTest {
    private static TaskDefinition task(double z, double epsilon, String record) {
        return Tasks.parse(Tasks.text()
                .replaceAll(
                        "(?m)^privacy:.*$",
                        "privacy: {mode: record, noiseMultiplier: %s, delta: 1.0e-5, budgetEpsilon: %s%s}"
                                .formatted(z, epsilon, record))
                .replace("priorCorrection: true", "priorCorrection: false"));
    }

    private static TaskDefinition task() {
        return task(0.9, 8, ", record: {samplingRate: 0.02, clipNorm: 0.5}");
    }

    @Test
    void rho_timesTheRoundsThatTheBudgetBears_keepsTheBudgetUnderARenyiAccountant() {
        TaskDefinition task = task();
        PrivacyBudget budget = task.budget();
        int rounds = (int) (budget.rho() / task.rho());
        int steps = rounds * task.training().stepsPerRound();
        assertThat(rounds).isGreaterThan(3);
        RdpAccountant integers = RdpAccountant.ofOrders(
                IntStream.rangeClosed(2, 256).asDoubleStream().toArray());
        double spent =
                integers.epsilon(Schedule.of(task.recordNoise().orElseThrow().mechanism(), steps), 1e-5);
        assertThat(spent).isBetween(7.5, 8.0);
        assertThat(budget.epsilonOf(rounds * task.rho())).isBetween(spent - 1e-9, 8.0);
        // Without the sample of each step the same noise would not bear one round.
        TaskDefinition everyone = task(0.9, 8, ", record: {samplingRate: 1, clipNorm: 0.5}");
        assertThat(everyone.rho()).isGreaterThan(everyone.budget().rho());
    }

    @Test
    void budget_thatNoReleaseFits_isRefusedByItsKeys() {
        TaskDefinition tiny = task(0.05, 1e-9, ", record: {samplingRate: 1, clipNorm: 0.5}");
        assertThatThrownBy(tiny::budget)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("privacy.budgetEpsilon is 1.0E-9 at privacy.delta 1.0E-5");
    }

    @Test
    void sigma_ofTheSum_isZeroAsTheNoiseIsInTheUpdates() {
        assertThat(task().sigma()).isZero();
        RecordNoise noise = task().recordNoise().orElseThrow();
        assertThat(noise.sigma()).isGreaterThanOrEqualTo((long) (0.9 * noise.sensitivity()));
        assertThat(noise.mechanism().noiseMultiplier()).isBetween(0.9, 0.9001);
        assertThat(noise.sensitivity()).isCloseTo(1.01 * noise.scale() * 0.5, within(1e-6));
        assertThat(noise.dimension()).isEqualTo(task().layout().size());
    }

    @Test
    void decode_sumOfRecordModeUpdates_isTheirMean() {
        TaskDefinition task = task();
        ChunkLayout chunks = task.chunks();
        UpdateEncoder encoder = new UpdateEncoder(task);
        RoundId round = new RoundId(task.id(), 1);
        RoundMetrics metrics = new RoundMetrics(task.training().examplesPerRound(), 0, 0, 0);
        float[] update = new float[chunks.parameters()];
        Arrays.fill(update, 0.25f / (float) Math.sqrt(update.length));
        int[] sum = new int[chunks.entries()];
        for (int site = 0; site < 3; site++) {
            int[] encoded = encoder.encode(update, metrics, round, 3, new SecureRandom());
            for (int i = 0; i < sum.length; i++) {
                sum[i] += encoded[i];
            }
        }
        int[] slice = Arrays.copyOf(sum, chunks.entriesOf(0));
        GroupMean mean = new SumDecoder(task).decode(slice, new SumTerms(round, 0, 3, 3));
        assertThat(mean.plausible()).isTrue();
        assertThat(mean.weight()).isEqualTo(3);
        for (float entry : mean.mean()) {
            assertThat(entry)
                    .isCloseTo(update[0], within((float) (1 / task.encoding().scale())));
        }
    }

    @Test
    void add_anyGradient_movesTheSumByAtMostTheSensitivityCharged() {
        RecordNoise noise = new RecordNoise(0.1, 0.5, 400, 1e-9);
        for (double size : new double[] {1e-9, 0.3, 0.5, 7, 1e6}) {
            float[] gradient = new float[400];
            SplittableRandom random = new SplittableRandom(5);
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] = (float) ((random.nextDouble() - 0.5) * size);
            }
            double moved = norm(released(noise, gradient)) * noise.scale();
            // The noise has sigma 1 here: its norm is 20 give or take 4.
            assertThat(moved).isLessThanOrEqualTo(noise.sensitivity() + 24);
        }
        assertThat(norm(released(noise, filled(400, 7)))).isGreaterThan(0.48);
    }

    @Test
    void add_aGradientThatIsNotFinite_addsNothing() {
        RecordNoise noise = new RecordNoise(0.1, 0.5, 400, 1e-9);
        float[] gradient = filled(400, 7);
        gradient[17] = Float.NaN;
        assertThat(norm(released(noise, gradient)) * noise.scale()).isLessThan(30);
        gradient[17] = Float.POSITIVE_INFINITY;
        assertThat(norm(released(noise, gradient)) * noise.scale()).isLessThan(30);
    }

    @Test
    void release_ofNothing_isTheChargedNoiseOverTheExpectedBatch() {
        RecordNoise noise = new RecordNoise(0.1, 0.5, 4000, 1.1);
        ClippedSum sum = new ClippedSum(noise);
        float[] mean = new float[4000];
        double square = 0;
        int times = 5;
        try (NoiseKey key = NoiseKey.fresh(new SecureRandom())) {
            var words = key.words();
            for (int i = 0; i < times; i++) {
                sum.release(16, words, mean);
                for (float entry : mean) {
                    square += Math.pow(entry * noise.scale() * 16, 2);
                }
            }
        }
        double sigma = Math.sqrt(square / (times * 4000.0));
        // Six standard deviations of the estimate; half the variance is 58 away.
        assertThat(sigma / noise.sigma()).isBetween(0.97, 1.03);
        assertThat(noise.sigma() / noise.sensitivity()).isGreaterThanOrEqualTo(1.1);
    }

    @Test
    void read_aRecordTaskThatCannotKeepItsPromise_isRefused() {
        assertThatThrownBy(() -> task(1, 8, ""))
                .hasMessageContaining("privacy.record")
                .hasMessageContaining("given in mode 'record'");
        assertThatThrownBy(() -> task(1, 8, ", record: {samplingRate: 1.5, clipNorm: 1}"))
                .hasMessageContaining("privacy.record.samplingRate");
        assertThatThrownBy(
                        () -> Tasks.parse(
                                Tasks.text()
                                        .replaceAll(
                                                "(?m)^privacy:.*$",
                                                "privacy: {mode: record, noiseMultiplier: 1, delta: 1.0e-5, budgetEpsilon: 8, record: {samplingRate: 0.1, clipNorm: 1}}")))
                .hasMessageContaining("training.priorCorrection")
                .hasMessageContaining("shares of a site's labels");
        assertThatThrownBy(() -> Tasks.parse(Tasks.text()
                        .replace("mode: central", "mode: central, record: {samplingRate: 0.1, clipNorm: 1}")))
                .hasMessageContaining("left out in the others");
    }

    @Test
    void training_thatLooksAtRecordsWithoutNoise_isRefusedAndAPullToTheStartIsNot() {
        assertThat(training("proximal: 0.1, decay: cosine, weightDecay: 0")
                        .training()
                        .proximal())
                .isEqualTo(0.1);
        assertThatThrownBy(() -> training("earlyStop: 3"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("training.earlyStop is 3 but must be 0 where records are protected")
                .hasMessageContaining("rows held out");
        assertThatThrownBy(() -> training("gradientClip: 1"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("training.gradientClip is 1.0 but must be 0 where records are protected")
                .hasMessageContaining("privacy.record.clipNorm");
    }

    private static TaskDefinition training(String more) {
        return Tasks.parse(Tasks.text()
                .replaceAll(
                        "(?m)^privacy:.*$",
                        "privacy: {mode: record, noiseMultiplier: 0.9, delta: 1.0e-5, budgetEpsilon: 8,"
                                + " record: {samplingRate: 0.02, clipNorm: 0.5}}")
                .replace("priorCorrection: true", "priorCorrection: false, " + more));
    }

    @Test
    void sha256_ofATaskWithoutRecords_isThatOfBeforeTheModeWas() {
        assertThat(HexFormat.of().formatHex(Tasks.task().sha256()))
                .isEqualTo("8057e8b5f6e03f9767c6d52f942b2237d4c97f724ff5a8ec512e9a711865e92e");
    }

    private static float[] filled(int size, float value) {
        float[] gradient = new float[size];
        Arrays.fill(gradient, value);
        return gradient;
    }

    private static float[] released(RecordNoise noise, float[] gradient) {
        ClippedSum sum = new ClippedSum(noise);
        sum.add(gradient, 0);
        float[] mean = new float[gradient.length];
        try (NoiseKey key = NoiseKey.fresh(new SecureRandom())) {
            sum.release(1, key.words(), mean);
        }
        return mean;
    }

    private static double norm(float[] vector) {
        double square = 0;
        for (float entry : vector) {
            square += (double) entry * entry;
        }
        return Math.sqrt(square);
    }
}
