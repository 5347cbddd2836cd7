package dev.sotto.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.federation.AdapterSpec;
import dev.sotto.federation.HeadKind;
import dev.sotto.federation.HeadSpec;
import dev.sotto.federation.ModelDesign;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Figures that are put together from counts, as they come out of a sum. */
class ModelEvaluationTest {
    private static final ModelDesign DESIGN = new ModelDesign(
            new AdapterSpec(1, 1, List.of(0)),
            List.of(
                    new HeadSpec("sentiment", HeadKind.TEXT, List.of("negative", "neutral", "positive")),
                    new HeadSpec("ner", HeadKind.TOKENS, List.of("PER", "LOC"))),
            List.of(),
            16);
    private static final Evaluation SENTIMENT =
            new Evaluation(List.of(List.of(7, 2, 1), List.of(0, 5, 5), List.of(1, 1, 8)), 0.5);
    private static final EntityEvaluation NER = EntityEvaluation.of(
            2,
            List.of(List.of(new EntitySpan(0, 4, 0), new EntitySpan(9, 12, 1)), List.of()),
            List.of(List.of(new EntitySpan(0, 4, 0)), List.of(new EntitySpan(3, 5, 1))));

    @Test
    void ofTally_ofOneEvaluation_givesItsFiguresBack() {
        ModelEvaluation evaluation = new ModelEvaluation(DESIGN, Map.of("sentiment", SENTIMENT, "ner", NER));
        assertThat(evaluation.tally()).hasSize(9 + 2 + 3 * 2);
        ModelEvaluation again = ModelEvaluation.ofTally(DESIGN, evaluation.tally());
        assertThat(((Evaluation) again.heads().get("sentiment")).confusion()).isEqualTo(SENTIMENT.confusion());
        assertThat(again.heads().get("ner")).isEqualTo(NER);
        assertThat(again.f1ByLabel()).isEqualTo(evaluation.f1ByLabel());
    }

    @Test
    void ofTally_headThatNobodyJudged_isLeftOut() {
        ModelEvaluation evaluation = new ModelEvaluation(DESIGN, Map.of("ner", NER));
        ModelEvaluation again = ModelEvaluation.ofTally(DESIGN, evaluation.tally());
        assertThat(again.heads()).containsOnlyKeys("ner");
    }

    /** Noise takes counts below zero and the right above what there is; figures stay shares. */
    @Test
    void ofTally_countsThatNoiseMadeImpossible_giveFiguresWithinTheirRange() {
        List<Double> tally = new ArrayList<>(
                List.of(-3.2, 2.0, 1.4, 0.0, -9.0, 5.0, 1.0, 1.0, 8.4, 5.0, 7.0, 4.0, 3.0, 6.6, -1.0, 2.0, 1.0));
        ModelEvaluation evaluation = ModelEvaluation.ofTally(DESIGN, tally);
        Evaluation sentiment = (Evaluation) evaluation.heads().get("sentiment");
        assertThat(sentiment.confusion()).containsExactly(List.of(0, 2, 1), List.of(0, 0, 5), List.of(1, 1, 8));
        assertThat(sentiment.f1(2)).isCloseTo(2 * 8.0 / (10 + 14), within(1e-12));
        EntityEvaluation ner = (EntityEvaluation) evaluation.heads().get("ner");
        assertThat(ner)
                .isEqualTo(new EntityEvaluation(
                        List.of(new EntityEvaluation.Counts(4, 3, 3), new EntityEvaluation.Counts(0, 2, 0)), 5, 5));
        assertThat(evaluation.macroF1()).isBetween(0.0, 1.0);
    }

    @Test
    void ofTally_ofAnotherLength_isRefusedWithBoth() {
        assertThatThrownBy(() -> ModelEvaluation.ofTally(DESIGN, List.of(1.0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 numbers")
                .hasMessageContaining("17");
    }
}
