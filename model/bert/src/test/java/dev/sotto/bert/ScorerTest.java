package dev.sotto.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.federation.AdapterSpec;
import dev.sotto.federation.ParameterLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScorerTest {
    private static Scorer compile(AdapterSpec adapter, float[] parameters) {
        return Scorer.compile(Sample.base(), Sample.design(adapter), parameters, Variant.FP32);
    }

    @Test
    void logits_ofZeroB_equalTheBaseWithTheSameHead() {
        ParameterLayout layout = Sample.layout(Sample.ALL_LAYERS);
        float[] start = Sample.start(Sample.ALL_LAYERS, 3);
        float[] head = Arrays.copyOfRange(start, layout.headOffset(), layout.size());
        List<TextPair> texts = Sample.texts(10);
        try (Scorer adapted = compile(Sample.ALL_LAYERS, start);
                Scorer base = compile(new AdapterSpec(8, 16, List.of()), head)) {
            float[][] expected = base.logits(texts).get(0);
            float[][] actual = adapted.logits(texts).get(0);
            for (int i = 0; i < texts.size(); i++) {
                assertThat(actual[i]).containsExactly(expected[i], within(1e-6f));
            }
        }
    }

    @Test
    void logits_ofMergedAdapter_equalTheUnmergedTrainer() {
        AdapterSpec adapter = new AdapterSpec(4, 8, List.of(1, 4));
        float[] parameters = Sample.moved(adapter, 5);
        List<Example> examples = Sample.examples().subList(0, 6);
        List<TextPair> texts = Sample.texts(6);
        try (Scorer scorer = compile(adapter, parameters);
                TrainerModule trainer = TrainerModule.compile(Sample.base(), Sample.design(adapter));
                BertTokenizer tokenizer = BertTokenizer.of(Sample.base(), Sample.MAX_TOKENS)) {
            List<TokenizedText> tokens = tokenizer.texts(texts);
            float[][] merged = scorer.probabilities(0, texts);
            for (int i = 0; i < texts.size(); i++) {
                TokenBatch batch = TokenBatch.of(tokens, new int[] {i});
                TargetBatch target = TargetBatch.of(examples, tokens, new int[] {i}, batch.width());
                float loss = trainer.loss(batch, trainer.frozen(batch), target, parameters);
                assertThat((double) loss)
                        .isCloseTo(-Math.log(merged[i][examples.get(i).label(0)]), within(1e-4));
            }
        }
    }

    @Test
    void probabilities_ofManyTexts_areInTheOrderGivenAndSumToOne() {
        List<TextPair> texts = new ArrayList<>(Sample.texts(40));
        try (Scorer scorer = Sample.trainedScorer(Variant.FP32)) {
            float[][] forward = scorer.probabilities(0, texts);
            Collections.reverse(texts);
            float[][] backward = scorer.probabilities(0, texts);
            for (int i = 0; i < forward.length; i++) {
                assertThat(backward[forward.length - 1 - i]).containsExactly(forward[i], within(1e-5f));
                assertThat(forward[i][0] + forward[i][1] + forward[i][2]).isCloseTo(1, within(1e-5f));
            }
        }
    }

    @Test
    void probabilities_ofNoTexts_areEmpty() {
        try (Scorer scorer = Sample.trainedScorer(Variant.FP32)) {
            assertThat(scorer.probabilities(0, List.of())).isEmpty();
            assertThat(scorer.probabilities(0, List.of(TextPair.of("")))).hasDimensions(1, 3);
        }
    }

    @Test
    void probabilities_manyTimes_leaveNoNativeArrays() {
        List<TextPair> texts = Sample.texts(5);
        try (Scorer scorer = Sample.trainedScorer(Variant.FP32)) {
            scorer.probabilities(0, texts);
            int before = scorer.nativeResources();
            for (int i = 0; i < 50; i++) {
                scorer.probabilities(0, texts);
            }
            assertThat(scorer.nativeResources()).isEqualTo(before);
        }
    }

    @Test
    void probabilities_fromManyThreads_areThoseOfOne() {
        List<TextPair> texts = Sample.texts(8);
        try (Scorer scorer = Sample.trainedScorer(Variant.FP32)) {
            float[][] alone = scorer.probabilities(0, texts);
            List<float[][]> together = IntStream.range(0, 16)
                    .parallel()
                    .mapToObj(i -> scorer.probabilities(0, texts))
                    .toList();
            assertThat(together).allSatisfy(rows -> {
                for (int i = 0; i < rows.length; i++) {
                    assertThat(rows[i]).containsExactly(alone[i], within(1e-5f));
                }
            });
        }
    }

    @Test
    void probabilities_afterClose_areRefused() {
        Scorer scorer = Sample.trainedScorer(Variant.FP32);
        scorer.close();
        scorer.close();
        assertThatIllegalStateException().isThrownBy(() -> scorer.probabilities(List.of(TextPair.of("Hello"))));
    }

    @Test
    void predictions_ofOtherVariants_agreeWithFp32() {
        List<TextPair> texts = Sample.texts(200);
        assertThat(agreement(predictions(Variant.FP32, texts), predictions(Variant.INT8, texts)))
                .isGreaterThanOrEqualTo(0.9);
        // Fewer texts: bfloat16 is emulated, and slow, on processors without its instructions.
        List<TextPair> few = Sample.texts(30);
        assertThat(agreement(predictions(Variant.FP32, few), predictions(Variant.BF16, few)))
                .isGreaterThanOrEqualTo(0.96);
    }

    private static int[] predictions(Variant variant, List<TextPair> texts) {
        try (Scorer scorer = Sample.trainedScorer(variant)) {
            return Arrays.stream(scorer.probabilities(0, texts))
                    .mapToInt(row -> row[0] > Math.max(row[1], row[2]) ? 0 : row[1] > row[2] ? 1 : 2)
                    .toArray();
        }
    }

    private static double agreement(int[] expected, int[] actual) {
        return IntStream.range(0, expected.length)
                        .filter(i -> expected[i] == actual[i])
                        .count()
                / (double) expected.length;
    }

    @Test
    void compile_withParametersThatCannotBe_namesThem() {
        float[] parameters = Sample.start(Sample.TOP_LAYERS, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> compile(Sample.ALL_LAYERS, parameters))
                .withMessageContaining("got " + parameters.length);
        parameters[17] = Float.NaN;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> compile(Sample.TOP_LAYERS, parameters))
                .withMessage("parameter 17 is NaN but must be finite");
    }
}
