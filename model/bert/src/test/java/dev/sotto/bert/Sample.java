package dev.sotto.bert;

import dev.sotto.federation.AdapterSpec;
import dev.sotto.federation.InitialModel;
import dev.sotto.federation.LearningRateDecay;
import dev.sotto.federation.LocalOptimizer;
import dev.sotto.federation.ModelDesign;
import dev.sotto.federation.ParameterLayout;
import dev.sotto.federation.TrainingSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;

/** The base model, a small real data set and a model trained on it, each loaded once for all tests. */
final class Sample {
    static final List<String> LABELS = List.of("negative", "neutral", "positive");
    static final int MAX_TOKENS = 48;
    static final AdapterSpec ALL_LAYERS = new AdapterSpec(8, 16, List.of(0, 1, 2, 3, 4, 5));
    static final AdapterSpec TOP_LAYERS = new AdapterSpec(8, 16, List.of(4, 5));
    static final TrainingSettings SETTINGS = settings(300, 16, 2e-3, 4e-3, 4, false);

    private Sample() {}

    /** Settings with what a task may leave out left out. */
    static TrainingSettings settings(
            int examplesPerRound,
            int batch,
            double learningRate,
            double headLearningRate,
            int warmupBatches,
            boolean priorCorrection) {
        return new TrainingSettings(
                examplesPerRound,
                batch,
                learningRate,
                headLearningRate,
                warmupBatches,
                priorCorrection,
                0,
                0,
                LearningRateDecay.NONE,
                0.01,
                0,
                LocalOptimizer.ADAMW);
    }

    private static final class Lazy {
        static final BaseModel BASE = load();
        static final List<Example> EXAMPLES = read();
        static final float[] TRAINED = train();

        private static BaseModel load() {
            try {
                return BaseModel.load("all-minilm-l6-v2");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static List<Example> read() {
            try (InputStream stream = Sample.class.getResourceAsStream("goemotions-sample.tsv")) {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .map(line -> line.split("\t", 2))
                        .map(columns -> new Example(columns[1], LABELS.indexOf(columns[0])))
                        .toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static float[] train() {
            float[] parameters = start(TOP_LAYERS, 7);
            try (LocalTrainer trainer = LocalTrainer.compile(BASE, design(TOP_LAYERS))) {
                for (int pass = 0; pass < 4; pass++) {
                    parameters = trainer.train(EXAMPLES, parameters, SETTINGS, pass, TrainingListener.NONE)
                            .parameters();
                }
            }
            return parameters;
        }
    }

    static BaseModel base() {
        return Lazy.BASE;
    }

    /** Labelled texts in the order of the file, classes mixed. */
    static List<Example> examples() {
        return Lazy.EXAMPLES;
    }

    static List<TextPair> texts(int count) {
        return examples().subList(0, count).stream().map(Example::text).toList();
    }

    /** One head that classifies texts by {@link #LABELS}. */
    static ModelDesign design(AdapterSpec adapter) {
        return ModelDesign.classifier(adapter, "mood", LABELS, MAX_TOKENS);
    }

    /** A scorer trained four passes on the sample with {@link #TOP_LAYERS}; the caller closes it. */
    static Scorer trainedScorer(Variant variant) {
        return Scorer.compile(base(), design(TOP_LAYERS), Lazy.TRAINED, variant);
    }

    static ParameterLayout layout(AdapterSpec adapter) {
        return ParameterLayout.of(design(adapter), base().shape());
    }

    static float[] start(AdapterSpec adapter, long seed) {
        return InitialModel.vector(layout(adapter), seed);
    }

    /** Parameters of which no tensor is zero, as after some training. */
    static float[] moved(AdapterSpec adapter, long seed) {
        float[] parameters = start(adapter, seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] += (float) (0.04 * (random.nextDouble() - 0.5));
        }
        return parameters;
    }
}
