package dev.sotto.federation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.secagg.RoundGroups;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Sixty sites learn a linear classifier on data of their own; twelve of them send ten times the negative of their update.
 * Everything between the update and the next model is what runs in production, but for the masks, which cancel.
 */
class SignFlippingTest {
    private static final int SITES = 60;
    private static final int LIARS = SITES / 5;
    private static final int ROUNDS = 15;
    private static final int FEATURES = 30;
    private static final int LABELS = 3;
    private static final String TASK = Tasks.text()
            .replace("hidden: 384", "hidden: " + FEATURES)
            .replace("clipNorm: 4.0", "clipNorm: 1.0")
            .replace("scale: 65536", "scale: 4096");

    private final SecureRandom random = new SecureRandom();
    private final float[][] centres = centres();

    @Test
    void mean_aFifthFlipsSigns_failsWhileItLearnsFromHonestSites() {
        TaskDefinition task = Tasks.parse(TASK);
        assertThat(accuracyAfterTraining(task, 0)).isGreaterThan(0.8);
        assertThat(accuracyAfterTraining(task, LIARS)).isLessThan(0.4);
    }

    @Test
    void medianOfGroups_aFifthFlipsSigns_learns() {
        TaskDefinition task = Tasks.parse(TASK + "robust: {combine: median, groups: 14}\n");
        assertThat(task.groups(SITES)).isEqualTo(14);
        assertThat(accuracyAfterTraining(task, LIARS)).isGreaterThan(0.8);
    }

    @Test
    void trimmedMeanOfGroups_aFifthFlipsSigns_learns() {
        TaskDefinition task = Tasks.parse(TASK + "robust: {combine: trimmed-mean, groups: 14, trim: 0.2}\n");
        assertThat(accuracyAfterTraining(task, LIARS)).isGreaterThan(0.8);
    }

    private double accuracyAfterTraining(TaskDefinition task, int liars) {
        ChunkLayout chunks = task.chunks();
        SortedSet<SiteId> sites = new TreeSet<>();
        List<float[][]> data = new ArrayList<>();
        for (int site = 0; site < SITES; site++) {
            sites.add(new SiteId("site-%02d".formatted(site)));
            data.add(samples(site, 40));
        }
        float[] model = new float[chunks.parameters()];
        List<Moments> moments = new ArrayList<>();
        for (int chunk = 0; chunk < chunks.chunks(); chunk++) {
            moments.add(Moments.none());
        }
        ServerOptimizer optimizer = new ServerOptimizer(task.server());
        for (int round = 1; round <= ROUNDS; round++) {
            RoundGroups groups =
                    RoundGroups.draw(new byte[32], new RoundId(task.id(), round), sites, task.groups(SITES));
            int[][] sums = sums(task, groups, sites, data, model, liars);
            for (int chunk = 0; chunk < chunks.chunks(); chunk++) {
                float[] combined = combine(task, groups, sums, chunk);
                int first = chunks.firstParameter(chunk);
                float[] slice = Arrays.copyOfRange(model, first, first + chunks.parametersOf(chunk));
                ServerStep step = optimizer.step(
                        slice, combined, moments.get(chunk), task.server().learningRate());
                System.arraycopy(step.model(), 0, model, first, slice.length);
                moments.set(chunk, step.moments());
            }
        }
        return accuracy(model, samples(-1, 600));
    }

    private int[][] sums(
            TaskDefinition task,
            RoundGroups groups,
            SortedSet<SiteId> sites,
            List<float[][]> data,
            float[] model,
            int liars) {
        UpdateEncoder encoder = new UpdateEncoder(task);
        int[][] sums = new int[groups.count()][task.chunks().entries()];
        int number = 0;
        for (SiteId site : sites) {
            float[][] samples = data.get(number);
            RoundMetrics metrics = new RoundMetrics(task.training().examplesPerRound(), 0, 0, 0);
            int[] encoded = encoder.encode(update(model, samples), metrics, random);
            if (number < liars) {
                flip(task.chunks(), encoded);
            }
            int[] sum = sums[groups.groupOf(site)];
            for (int i = 0; i < sum.length; i++) {
                sum[i] += encoded[i];
            }
            number++;
        }
        return sums;
    }

    private static void flip(ChunkLayout chunks, int[] encoded) {
        for (int chunk = 0; chunk < chunks.chunks(); chunk++) {
            int first = chunks.firstEntry(chunk);
            for (int i = RoundMetrics.ENTRIES; i < chunks.entriesOf(chunk); i++) {
                encoded[first + i] *= -10;
            }
        }
    }

    private static float[] combine(TaskDefinition task, RoundGroups groups, int[][] sums, int chunk) {
        SumDecoder decoder = new SumDecoder(task);
        ChunkLayout chunks = task.chunks();
        List<GroupMean> means = new ArrayList<>();
        for (int group = 0; group < groups.count(); group++) {
            int first = chunks.firstEntry(chunk);
            int[] slice = Arrays.copyOfRange(sums[group], first, first + chunks.entriesOf(chunk));
            means.add(decoder.decode(
                    slice, chunks.parametersOf(chunk), groups.members(group).size()));
        }
        return new RobustCombination(task.robust()).combine(means);
    }

    /** One pass of gradient descent on the softmax loss of the classifier at the vector's end. */
    private static float[] update(float[] model, float[][] samples) {
        float[] update = new float[model.length];
        int head = model.length - LABELS * (FEATURES + 1);
        for (float[] sample : samples) {
            double[] scores = scores(model, sample);
            double total = Arrays.stream(scores).map(Math::exp).sum();
            for (int label = 0; label < LABELS; label++) {
                double error = (label == (int) sample[FEATURES] ? 1 : 0) - Math.exp(scores[label]) / total;
                for (int i = 0; i < FEATURES; i++) {
                    update[head + label * FEATURES + i] += (float) (error * sample[i] / samples.length);
                }
                update[head + LABELS * FEATURES + label] += (float) (error / samples.length);
            }
        }
        return update;
    }

    private static double[] scores(float[] model, float[] sample) {
        int head = model.length - LABELS * (FEATURES + 1);
        double[] scores = new double[LABELS];
        for (int label = 0; label < LABELS; label++) {
            scores[label] = model[head + LABELS * FEATURES + label];
            for (int i = 0; i < FEATURES; i++) {
                scores[label] += model[head + label * FEATURES + i] * sample[i];
            }
        }
        return scores;
    }

    private static double accuracy(float[] model, float[][] samples) {
        int right = 0;
        for (float[] sample : samples) {
            double[] scores = scores(model, sample);
            int best = 0;
            for (int label = 1; label < LABELS; label++) {
                best = scores[label] > scores[best] ? label : best;
            }
            right += best == (int) sample[FEATURES] ? 1 : 0;
        }
        return right / (double) samples.length;
    }

    private static float[][] centres() {
        SplittableRandom source = new SplittableRandom(11);
        float[][] centres = new float[LABELS][FEATURES];
        for (float[] centre : centres) {
            for (int i = 0; i < FEATURES; i++) {
                centre[i] = (float) (source.nextGaussian() * 0.5);
            }
        }
        return centres;
    }

    private float[][] samples(long seed, int count) {
        SplittableRandom source = new SplittableRandom(seed);
        float[][] samples = new float[count][FEATURES + 1];
        for (float[] sample : samples) {
            int label = source.nextInt(LABELS);
            for (int i = 0; i < FEATURES; i++) {
                sample[i] = centres[label][i] + (float) source.nextGaussian();
            }
            sample[FEATURES] = label;
        }
        return samples;
    }
}
