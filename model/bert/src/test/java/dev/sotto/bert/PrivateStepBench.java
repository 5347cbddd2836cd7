package dev.sotto.bert;

import dev.sotto.federation.AdapterSpec;
import dev.sotto.federation.ClippedSum;
import dev.sotto.federation.RecordNoise;
import dev.sotto.privacy.NoiseKey;
import dev.sotto.privacy.RandomWords;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a private step costs over a plain one: the same 16 texts of 64 tokens through the whole encoder, the two taking turns. Private:
 * a gradient for each text, clip, sum on the lattice, noise, AdamW. Plain: their summed gradient, AdamW.
 */
final class PrivateStepBench {
    static final int BATCH = 16;
    static final int TOKENS = 64;
    private static final int WARMUP = 2;

    private final int turns;

    /** @param turns of each side */
    PrivateStepBench(int turns) {
        this.turns = turns;
    }

    /**
     * What was measured.
     *
     * @param ratio the median over the turns of private over plain seconds
     * @param plain median seconds of a plain step
     * @param parameters that are trained
     */
    record Cost(double ratio, double plain, int parameters) {}

    Cost measure(AdapterSpec adapter) {
        float[] parameters = Sample.moved(adapter, 3);
        float[] mean = new float[parameters.length];
        RecordNoise noise = new RecordNoise(0.01, 1, parameters.length, 1);
        ClippedSum sum = new ClippedSum(noise);
        AdamW optimizer = new AdamW(parameters.length, 0.01);
        // Word pieces of one token each; the numbers of them do not matter.
        List<TokenizedText> tokens = IntStream.range(0, BATCH)
                .mapToObj(row -> new TokenizedText(
                        IntStream.range(0, TOKENS)
                                .mapToLong(i -> 2000 + 37L * i + row)
                                .toArray(),
                        TOKENS,
                        new int[TOKENS],
                        new int[TOKENS]))
                .toList();
        List<Example> examples = IntStream.range(0, BATCH)
                .mapToObj(row -> new Example("text " + row, row % Sample.LABELS.size()))
                .toList();
        int[] all = IntStream.range(0, BATCH).toArray();
        double[] ratios = new double[turns];
        double[] plain = new double[turns];
        try (TrainerModule module = TrainerModule.compile(Sample.base(), Sample.design(adapter));
                NoiseKey key = NoiseKey.fresh(new SecureRandom())) {
            RandomWords words = key.words();
            BatchGradients gradients = new BatchGradients(examples, tokens, module, new HiddenCache(0));
            for (int turn = -WARMUP; turn < turns; turn++) {
                long start = System.nanoTime();
                float[] summed = gradients.summed(all, parameters);
                optimizer.nextStep();
                optimizer.update(parameters, summed, 1, 1.0 / BATCH, 0, parameters.length, 1e-6);
                long middle = System.nanoTime();
                float[] each = gradients.each(all, parameters);
                for (int row = 0; row < BATCH; row++) {
                    sum.add(each, row * mean.length);
                }
                sum.release(BATCH, words, mean);
                optimizer.nextStep();
                optimizer.update(parameters, mean, 0, 1, 0, parameters.length, 1e-6);
                long end = System.nanoTime();
                if (turn >= 0) {
                    ratios[turn] = (double) (end - middle) / (middle - start);
                    plain[turn] = (middle - start) / 1e9;
                }
            }
        }
        return new Cost(median(ratios), median(plain), parameters.length);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
