package dev.sotto.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.federation.RecordNoise;
import dev.sotto.federation.TrainingSettings;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LocalTrainerTest {
    private static LocalTrainer trainer;

    @BeforeAll
    static void compile() {
        trainer = LocalTrainer.compile(Sample.base(), Sample.TOP_LAYERS, Sample.LABELS, Sample.MAX_TOKENS);
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
            Evaluation evaluation = Evaluation.of(scorer, Sample.examples());
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
        TrainingSettings plain = new TrainingSettings(64, 16, 1e-6, 0.05, 0, false);
        TrainingSettings corrected = new TrainingSettings(64, 16, 1e-6, 0.05, 0, true);
        float plainSpread = spread(trainer.train(skewed, start, plain, 1, TrainingListener.NONE));
        float correctedSpread = spread(trainer.train(skewed, start, corrected, 1, TrainingListener.NONE));
        assertThat(plainSpread).isGreaterThan(0.05f);
        assertThat(Math.abs(correctedSpread)).isLessThan(plainSpread / 2);
    }

    @Test
    void train_onChineseTexts_lowersTheLossAndScores() {
        BaseModel base = ChineseSample.base();
        float[] parameters = ChineseSample.start(ChineseSample.TOP_LAYERS, 7);
        List<Double> losses = new ArrayList<>();
        try (LocalTrainer chinese =
                LocalTrainer.compile(base, ChineseSample.TOP_LAYERS, Sample.LABELS, Sample.MAX_TOKENS)) {
            for (int pass = 0; pass < 4; pass++) {
                TrainingResult result = chinese.train(
                        ChineseSample.examples(), parameters, Sample.SETTINGS, pass, TrainingListener.NONE);
                losses.add(result.meanLoss());
                parameters = result.parameters();
            }
        }
        assertThat(losses.get(0)).isCloseTo(Math.log(3), within(0.3));
        assertThat(losses.get(3)).isLessThan(losses.get(0) - 0.2);
        try (Scorer scorer = Scorer.compile(
                base, ChineseSample.TOP_LAYERS, Sample.LABELS, Sample.MAX_TOKENS, parameters, Variant.FP32)) {
            Evaluation evaluation = Evaluation.of(scorer, ChineseSample.examples());
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
                Sample.examples().subList(0, 40),
                Sample.start(Sample.TOP_LAYERS, 7),
                Sample.SETTINGS,
                1,
                (done, total, loss) -> {
                    assertThat(total).isEqualTo(40);
                    assertThat(loss).isPositive();
                    seen.add(done);
                });
        assertThat(seen).isSorted().hasSize(3).endsWith(40);
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
        try (Scorer scorer = Scorer.compile(
                Sample.base(), Sample.TOP_LAYERS, Sample.LABELS, Sample.MAX_TOKENS, parameters, Variant.FP32)) {
            Evaluation evaluation = Evaluation.of(scorer, Sample.examples());
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
