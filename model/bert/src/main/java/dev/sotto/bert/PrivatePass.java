package dev.sotto.bert;

import dev.sotto.federation.ClippedSum;
import dev.sotto.federation.RecordNoise;
import dev.sotto.federation.TrainingSettings;
import dev.sotto.privacy.NoiseKey;
import dev.sotto.privacy.PoissonSampler;
import dev.sotto.privacy.RandomWords;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;

/**
 * A round of training in which every step is private: DP-SGD (Abadi et al. 2016, algorithm 1) with the step of the task's {@link StepRule}.
 *
 * <p>In every step each example is drawn by its own coin; the gradients of those drawn are clipped one by one and summed
 * exactly; discrete Gaussian noise comes on top; and the sum is divided by the batch that is expected, never by the one
 * that was drawn. What follows is a function of noised sums alone. Nothing else leaves: no loss, no count. Not
 * thread-safe.
 */
final class PrivatePass {
    /** Rows and padded tokens of one native call: how a batch is cut has no part in the result. */
    private static final int MOST_ROWS = 16;

    private static final int LARGEST_AREA = 16 * 128;

    private final BatchGradients gradients;
    private final List<TokenizedText> tokens;
    private final TrainingSettings settings;
    private final PoissonSampler sampler;
    private final ClippedSum sum;
    private final float[] mean;

    /** @param tokens of all the site's examples */
    PrivatePass(BatchGradients gradients, List<TokenizedText> tokens, TrainingSettings settings, RecordNoise noise) {
        this.gradients = gradients;
        this.tokens = tokens;
        this.settings = settings;
        this.sampler = new PoissonSampler(noise.samplingRate());
        this.sum = new ClippedSum(noise);
        this.mean = new float[noise.dimension()];
    }

    /**
     * Makes the round's steps.
     *
     * @param parameters moved in place
     * @param head the first parameter of the head
     * @param random cryptographic; 32 bytes are taken
     */
    void run(float[] parameters, int head, SecureRandom random, TrainingListener listener) {
        int steps = settings.stepsPerRound();
        int total = steps * settings.batch();
        PassOptimizer optimizer = new PassOptimizer(settings, parameters, head, total);
        try (NoiseKey key = NoiseKey.fresh(random)) {
            RandomWords words = key.words();
            for (int step = 1; step <= steps; step++) {
                add(sampler.draw(tokens.size(), words), parameters);
                sum.release(settings.batch(), words, mean);
                int done = step * settings.batch();
                double rate = optimizer.step(parameters, mean, 0, 1, done);
                listener.progress(new TrainingStep(done, total, Double.NaN, Double.NaN, rate));
            }
        }
        Arrays.fill(mean, 0);
    }

    private void add(int[] drawn, float[] parameters) {
        List<TokenizedText> texts = Arrays.stream(drawn).mapToObj(tokens::get).toList();
        for (int[] part : LengthBuckets.sorted(texts, MOST_ROWS, LARGEST_AREA)) {
            int[] indices = Arrays.stream(part).map(index -> drawn[index]).toArray();
            float[] each = gradients.each(indices, parameters);
            for (int row = 0; row < indices.length; row++) {
                sum.add(each, row * mean.length);
            }
            Arrays.fill(each, 0);
        }
    }
}
