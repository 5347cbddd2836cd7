package dev.sotto.quickstart.bench;

import dev.sotto.bert.BaseModel;
import dev.sotto.bert.Example;
import dev.sotto.bert.LocalTrainer;
import dev.sotto.bert.TextPair;
import dev.sotto.bert.TrainingListener;
import dev.sotto.federation.AdapterSpec;
import dev.sotto.federation.InitialModel;
import dev.sotto.federation.LearningRateDecay;
import dev.sotto.federation.LocalOptimizer;
import dev.sotto.federation.ModelDesign;
import dev.sotto.federation.RecordNoise;
import dev.sotto.federation.TrainingSettings;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a private step costs over a plain one: rounds of a few steps over the same 16 texts of 64 tokens, the two taking turns. Every
 * record is in every private step, so that both sides see as many.
 *
 * @param ratio the median over the turns of private over plain seconds
 * @param plain median seconds of a plain step
 * @param parameters that are trained
 */
record PrivateStepCost(double ratio, double plain, int parameters) {
    static final int BATCH = 16;
    static final int TOKENS = 64;
    private static final int STEPS = 3;
    private static final AdapterSpec ADAPTER = new AdapterSpec(8, 16, List.of(4, 5));

    /** @param turns of each side */
    static PrivateStepCost measure(BaseModel base, int turns) {
        ModelDesign design =
                ModelDesign.classifier(ADAPTER, "sentiment", List.of("negative", "neutral", "positive"), TOKENS);
        TrainingSettings settings = new TrainingSettings(
                STEPS * BATCH, BATCH, 1e-6, 1e-6, 0, false, 0, 0, LearningRateDecay.NONE, 0, 0, LocalOptimizer.ADAMW);
        List<Example> rows = IntStream.range(0, BATCH)
                .mapToObj(row -> new Example(TextPair.of(text(row)), List.of(row % 3), null, List.of()))
                .toList();
        List<Example> pass = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            pass.addAll(rows);
        }
        SecureRandom random = new SecureRandom();
        double[] ratios = new double[turns];
        double[] plain = new double[turns];
        try (LocalTrainer trainer = LocalTrainer.compile(base, design)) {
            int parameters = trainer.layout().size();
            RecordNoise noise = new RecordNoise(1, 1, parameters, 1);
            float[] start = InitialModel.vector(trainer.layout(), 3);
            for (int turn = -1; turn < turns; turn++) {
                long begin = System.nanoTime();
                trainer.train(pass, start, settings, turn, TrainingListener.NONE);
                long middle = System.nanoTime();
                trainer.trainPrivately(rows, start, settings, noise, random, TrainingListener.NONE);
                long end = System.nanoTime();
                if (turn >= 0) {
                    ratios[turn] = (double) (end - middle) / (middle - begin);
                    plain[turn] = (middle - begin) / 1e9 / STEPS;
                }
            }
            return new PrivateStepCost(median(ratios), median(plain), parameters);
        }
    }

    /** Longer than the tokens that are read of it. */
    private static String text(int row) {
        return String.join(" ", Collections.nCopies(TOKENS, "word" + row));
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
