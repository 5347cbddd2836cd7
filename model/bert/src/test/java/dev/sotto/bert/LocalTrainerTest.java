package dev.sotto.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.federation.LearningRateDecay;
import dev.sotto.federation.LocalOptimizer;
import dev.sotto.federation.RecordNoise;
import dev.sotto.federation.TrainingSettings;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LocalTrainerTest {
    private static LocalTrainer trainer;

    @BeforeAll
    static void compile() {
        trainer = LocalTrainer.compile(Sample.base(), Sample.design(Sample.TOP_LAYERS));
    }

    @AfterAll
    static void close() {
        trainer.close();
    }

    private static TrainingResult train(List<Example> examples, float[] start, long seed) {
        return trainer.train(examples, start, Sample.SETTINGS, seed, TrainingListener.NONE);
    }

    @Test
    void train_onRealTexts_lowersTheLossAndBeatsTheMajority() {
        TrainingResult first = train(Sample.examples(), Sample.start(Sample.TOP_LAYERS, 7), 1);
        TrainingResult last = first;
        for (int pass = 2; pass <= 4; pass++) {
            last = train(Sample.examples(), last.parameters(), pass);
        }
        assertThat(first.meanLoss()).isCloseTo(Math.log(3), within(0.25));
        assertThat(last.meanLoss()).isLessThan(first.meanLoss() - 0.2);
        assertThat(last.examples()).isEqualTo(Sample.examples().size());
        try (Scorer scorer = Sample.trainedScorer(Variant.FP32)) {
            Evaluation evaluation = Evaluation.of(scorer, 0, Sample.examples());
            assertThat(evaluation.accuracy()).isGreaterThan(evaluation.majorityShare() + 0.3);
            assertThat(evaluation.macroF1()).isGreaterThan(0.7);
        }
    }

    @Test
    void train_withTheSameSeed_givesTheSameParameters() {
        List<Example> examples = Sample.examples().subList(0, 64);
        float[] start = Sample.start(Sample.TOP_LAYERS, 7);
        float[] before = start.clone();
        TrainingResult once = train(examples, start, 5);
        TrainingResult again = train(examples, start, 5);
        TrainingResult other = train(examples, start, 6);
        assertThat(again.parameters()).containsExactly(once.parameters());
        assertThat(again.meanLoss()).isEqualTo(once.meanLoss());
        assertThat(other.parameters()).isNotEqualTo(once.parameters());
        assertThat(start).containsExactly(before);
    }

    @Test
    void train_withPriorCorrection_leavesTheBiasUnmovedBySkewedLabels() {
        List<Example> skewed = IntStream.range(0, 64)
                .mapToObj(i -> new Example("ok", i % 8 < 6 ? 2 : i % 8 - 6))
                .toList();
        float[] start = Sample.start(Sample.TOP_LAYERS, 7);
        TrainingSettings plain = Sample.settings(64, 16, 1e-6, 0.05, 0, false);
        TrainingSettings corrected = Sample.settings(64, 16, 1e-6, 0.05, 0, true);
        float plainSpread = spread(trainer.train(skewed, start, plain, 1, TrainingListener.NONE));
        float correctedSpread = spread(trainer.train(skewed, start, corrected, 1, TrainingListener.NONE));
        assertThat(plainSpread).isGreaterThan(0.05f);
        assertThat(Math.abs(correctedSpread)).isLessThan(plainSpread / 2);
    }

    /** Nothing is to be corrected at a site whose labels are as those that the model will meet. */
    @Test
    void train_withLabelSharesLikeTheSites_isAsWithoutCorrection() {
        List<Example> skewed = IntStream.range(0, 64)
                .mapToObj(i -> new Example("ok", i % 8 < 6 ? 2 : i % 8 - 6))
                .toList();
        List<Double> shares = List.of(9 / 67.0, 9 / 67.0, 49 / 67.0);
        float[] start = Sample.start(Sample.TOP_LAYERS, 7);
        TrainingSettings plain = Sample.settings(64, 16, 1e-6, 0.05, 0, false);
        TrainingSettings corrected = new TrainingSettings(
                64,
                16,
                1e-6,
                0.05,
                0,
                true,
                0,
                0,
                plain.decay(),
                plain.weightDecay(),
                0,
                plain.optimizer(),
                Map.of(Sample.design(Sample.TOP_LAYERS).heads().get(0).name(), shares));
        assertThat(trainer.train(skewed, start, corrected, 1, TrainingListener.NONE)
                        .parameters())
                .containsExactly(
                        trainer.train(skewed, start, plain, 1, TrainingListener.NONE)
                                .parameters(),
                        within(1e-4f));
    }

    @Test
    void train_onChineseTexts_lowersTheLossAndScores() {
        BaseModel base = ChineseSample.base();
        float[] parameters = ChineseSample.start(ChineseSample.TOP_LAYERS, 7);
        List<Double> losses = new ArrayList<>();
        try (LocalTrainer chinese = LocalTrainer.compile(base, Sample.design(ChineseSample.TOP_LAYERS))) {
            for (int pass = 0; pass < 4; pass++) {
                TrainingResult result = chinese.train(
                        ChineseSample.examples(), parameters, Sample.SETTINGS, pass, TrainingListener.NONE);
                losses.add(result.meanLoss());
                parameters = result.parameters();
            }
        }
        assertThat(losses.get(0)).isCloseTo(Math.log(3), within(0.3));
        assertThat(losses.get(3)).isLessThan(losses.get(0) - 0.2);
        try (Scorer scorer = Scorer.compile(base, Sample.design(ChineseSample.TOP_LAYERS), parameters, Variant.FP32)) {
            Evaluation evaluation = Evaluation.of(scorer, 0, ChineseSample.examples());
            assertThat(evaluation.accuracy()).isGreaterThan(evaluation.majorityShare() + 0.3);
        }
    }

    private static float spread(TrainingResult result) {
        float[] parameters = result.parameters();
        float majority = parameters[parameters.length - 1];
        return majority - Math.min(parameters[parameters.length - 2], parameters[parameters.length - 3]);
    }

    @Test
    void train_reportsProgressToTheLastExample() {
        List<Integer> seen = new ArrayList<>();
        trainer.train(
                Sample.examples().subList(0, 40), Sample.start(Sample.TOP_LAYERS, 7), Sample.SETTINGS, 1, step -> {
                    assertThat(step.total()).isEqualTo(40);
                    assertThat(step.meanLoss()).isPositive();
                    assertThat(step.batchLoss()).isPositive();
                    assertThat(step.learningRate())
                            .isEqualTo(Math.min(1, step.done() / 64.0) * Sample.SETTINGS.learningRate());
                    seen.add(step.done());
                });
        assertThat(seen).isSorted().hasSize(3).endsWith(40);
    }

    private static TrainingSettings settings(double proximal, LearningRateDecay decay, int earlyStop) {
        return new TrainingSettings(
                300, 16, 2e-3, 4e-3, 4, false, proximal, 0, decay, 0.01, earlyStop, LocalOptimizer.ADAMW);
    }

    private static double distance(float[] from, float[] to) {
        double square = 0;
        for (int i = 0; i < from.length; i++) {
            square += Math.pow(from[i] - (double) to[i], 2);
        }
        return Math.sqrt(square);
    }

    @Test
    void train_withAProximalTerm_staysNearerTheStart() {
        List<Example> examples = Sample.examples().subList(0, 160);
        float[] start = Sample.start(Sample.TOP_LAYERS, 7);
        double last = Double.MAX_VALUE;
        for (double mu : new double[] {0, 0.3, 30}) {
            TrainingSettings settings = settings(mu, LearningRateDecay.NONE, 0);
            float[] parameters = trainer.train(examples, start, settings, 1, TrainingListener.NONE)
                    .parameters();
            assertThat(distance(start, parameters)).isPositive().isLessThan(last * 0.97);
            last = distance(start, parameters);
        }
    }

    @Test
    void train_withARateThatFalls_endsAtASmallOne() {
        List<Double> rates = new ArrayList<>();
        trainer.train(
                Sample.examples().subList(0, 160),
                Sample.start(Sample.TOP_LAYERS, 7),
                settings(0, LearningRateDecay.LINEAR, 0),
                1,
                step -> rates.add(step.learningRate()));
        assertThat(rates).hasSize(10);
        assertThat(rates.get(3)).isEqualTo(2e-3);
        assertThat(rates.get(9)).isCloseTo(2e-3 * 16 / (176 - 64), within(1e-12));
    }

    /** The mean cross-entropy on rows, by the scorer. */
    private static double loss(float[] parameters, List<Example> rows) {
        try (Scorer scorer =
                Scorer.compile(Sample.base(), Sample.design(Sample.TOP_LAYERS), parameters, Variant.FP32)) {
            float[][] probabilities =
                    scorer.probabilities(0, rows.stream().map(Example::text).toList());
            return -IntStream.range(0, rows.size())
                    .mapToDouble(i -> Math.log(probabilities[i][rows.get(i).label(0)]))
                    .average()
                    .orElseThrow();
        }
    }

    @Test
    void train_withEarlyStop_givesTheParametersThatServeTheRowsHeldOutBest() {
        List<Example> examples = Sample.examples().subList(0, 160);
        float[] start = Sample.start(Sample.TOP_LAYERS, 7);
        TrainingSettings settings = settings(0, LearningRateDecay.NONE, 2);
        // The rows held out say the opposite of the examples: nothing learned helps them.
        List<Example> opposite = examples.stream()
                .map(example -> new Example(example.text().first(), (example.label(0) + 1) % 3))
                .toList();
        TrainingResult stopped = trainer.train(examples, opposite, start, settings, 1, TrainingListener.NONE);
        assertThat(stopped.examples()).isLessThan(160);
        assertThat(loss(stopped.parameters(), opposite)).isLessThanOrEqualTo(loss(start, opposite) + 1e-6);
        assertThat(stopped.meanLoss()).isPositive().isFinite();
        // Rows like the examples: the pass ends with a better model than it began with, and never with a worse than its
        // last.
        TrainingResult helped = trainer.train(examples, examples, start, settings, 1, TrainingListener.NONE);
        float[] last = trainer.train(examples, start, settings(0, LearningRateDecay.NONE, 0), 1, TrainingListener.NONE)
                .parameters();
        assertThat(loss(helped.parameters(), examples))
                .isLessThan(loss(start, examples) - 0.02)
                .isLessThanOrEqualTo(loss(last, examples) + 1e-4);
    }

    @Test
    void train_withEarlyStopAndPriorCorrection_takesThePriorOutOfTheBest() {
        float[] start = Sample.start(Sample.TOP_LAYERS, 7);
        TrainingSettings settings = new TrainingSettings(
                300, 16, 2e-3, 4e-3, 0, true, 0, 0, LearningRateDecay.NONE, 0.01, 1, LocalOptimizer.ADAMW);
        List<Example> skewed = IntStream.range(0, 160)
                .mapToObj(i -> new Example("ok", i % 8 < 7 ? 2 : 1))
                .toList();
        List<Example> opposite =
                IntStream.range(0, 20).mapToObj(i -> new Example("ok", 0)).toList();
        TrainingResult stopped = trainer.train(skewed, opposite, start, settings, 1, TrainingListener.NONE);
        assertThat(stopped.examples()).isEqualTo(16);
        assertThat(distance(start, stopped.parameters())).isLessThan(1e-5);
    }

    @Test
    void train_withEarlyStopAndNothingHeldOut_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> trainer.train(
                        Sample.examples(),
                        Sample.start(Sample.TOP_LAYERS, 7),
                        settings(0, LearningRateDecay.NONE, 3),
                        1,
                        TrainingListener.NONE))
                .withMessageContaining("training.earlyStop is 3")
                .withMessageContaining("hold some out or set it to 0");
    }

    @Test
    void trainPrivately_withAProximalTerm_staysNearerTheStart() {
        List<Example> examples = Sample.examples().subList(0, 8);
        float[] start = Sample.start(Sample.TOP_LAYERS, 7);
        double[] distances = new double[2];
        for (int i = 0; i < 2; i++) {
            TrainingSettings settings = settings(30 * i, LearningRateDecay.NONE, 0);
            float[] parameters = trainer.trainPrivately(
                    examples, start, settings, noise(0.001, 1), new SecureRandom(), TrainingListener.NONE);
            distances[i] = distance(start, parameters);
        }
        assertThat(distances[1]).isLessThan(0.9 * distances[0]);
    }

    private static RecordNoise noise(double samplingRate, double z) {
        return new RecordNoise(samplingRate, 1, trainer.layout().size(), z);
    }

    private static float[] trainPrivately(List<Example> examples, float[] start, RecordNoise noise) {
        return trainer.trainPrivately(
                examples, start, Sample.SETTINGS, noise, new SecureRandom(), TrainingListener.NONE);
    }

    @Test
    void trainPrivately_onRealTextsWithLittleNoise_learns() {
        float[] parameters = Sample.start(Sample.TOP_LAYERS, 7);
        for (int pass = 0; pass < 3; pass++) {
            parameters = trainPrivately(Sample.examples(), parameters, noise(0.2, 1e-3));
        }
        try (Scorer scorer =
                Scorer.compile(Sample.base(), Sample.design(Sample.TOP_LAYERS), parameters, Variant.FP32)) {
            Evaluation evaluation = Evaluation.of(scorer, 0, Sample.examples());
            assertThat(evaluation.accuracy()).isGreaterThan(evaluation.majorityShare() + 0.15);
        }
    }

    @Test
    void trainPrivately_twice_drawsOtherNoiseAndLeavesTheStart() {
        List<Example> examples = Sample.examples().subList(0, 8);
        float[] start = Sample.start(Sample.TOP_LAYERS, 7);
        float[] before = start.clone();
        // Most batches are empty: a step is made of noise alone, and is made all the same.
        float[] once = trainPrivately(examples, start, noise(0.001, 1));
        assertThat(once)
                .isNotEqualTo(trainPrivately(examples, start, noise(0.001, 1)))
                .isNotEqualTo(before);
        assertThat(start).containsExactly(before);
    }

    @Test
    void train_onWhatCannotBe_namesIt() {
        float[] start = Sample.start(Sample.TOP_LAYERS, 7);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> train(List.of(), start, 1))
                .withMessageContaining("no examples");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> train(List.of(new Example("x", 3)), start, 1))
                .withMessageContaining("label 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> train(Sample.examples(), new float[5], 1))
                .withMessageContaining("got 5");
    }
}
