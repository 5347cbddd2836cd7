package dev.sotto.coordination.privacy;

import dev.sotto.federation.ClippedSum;
import dev.sotto.federation.RecordNoise;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.privacy.NoiseKey;
import dev.sotto.privacy.PoissonSampler;
import dev.sotto.privacy.RandomWords;
import java.security.SecureRandom;

/**
 * A shadow of the training of one site in which every record is a canary: its gradient is ten times the clip norm in one
 * parameter of its own, and a coin says whether the site has it. Sampling, clipping, lattice and noise are the site's; the attacker sees
 * every step's noised mean, which is more than any model shows. Not thread-safe.
 */
final class RecordShadowRun {
    private static final double OVER_THE_CLIP = 10;

    private final RecordNoise noise;
    private final int canaries;
    private final int steps;
    private final int batch;
    private final SecureRandom random;

    /**
     * @param noise under which the training runs, which ought to be the task's own
     * @param canaries at most as many as there are parameters
     */
    RecordShadowRun(TaskDefinition task, RecordNoise noise, int canaries, int rounds, SecureRandom random) {
        this.noise = noise;
        this.canaries = canaries;
        this.steps = rounds * task.training().stepsPerRound();
        this.batch = task.training().batch();
        this.random = random;
        ReleaseOptions.require(
                canaries <= noise.dimension(),
                "--canaries",
                canaries,
                "at most the parameters of the task, %d: each needs one of its own".formatted(noise.dimension()));
    }

    /** Tosses the coins, makes the steps and scores what they release. */
    CanaryScores run() {
        boolean[] included = new boolean[canaries];
        for (int canary = 0; canary < canaries; canary++) {
            included[canary] = random.nextBoolean();
        }
        double[] scores = new double[canaries];
        PoissonSampler sampler = new PoissonSampler(noise.samplingRate());
        ClippedSum sum = new ClippedSum(noise);
        float[] gradient = new float[noise.dimension()];
        float[] mean = new float[noise.dimension()];
        try (NoiseKey key = NoiseKey.fresh(random)) {
            RandomWords words = key.words();
            for (int step = 0; step < steps; step++) {
                for (int canary : sampler.draw(canaries, words)) {
                    if (included[canary]) {
                        gradient[parameter(canary)] = (float) (OVER_THE_CLIP * noise.clipNorm());
                        sum.add(gradient, 0);
                        gradient[parameter(canary)] = 0;
                    }
                }
                sum.release(batch, words, mean);
                for (int canary = 0; canary < canaries; canary++) {
                    scores[canary] += mean[parameter(canary)];
                }
            }
        }
        return new CanaryScores(included, scores);
    }

    private int parameter(int canary) {
        return (int) ((long) canary * noise.dimension() / canaries);
    }
}
