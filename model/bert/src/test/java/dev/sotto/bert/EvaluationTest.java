package dev.sotto.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class EvaluationTest {
    @Test
    void macroF1_ofAKnownMatrix_isTheMeanOfItsClasses() {
        Evaluation evaluation = new Evaluation(List.of(List.of(8, 2, 0), List.of(1, 3, 0), List.of(1, 0, 0)), 0.9);
        assertThat(evaluation.examples()).isEqualTo(15);
        assertThat(evaluation.accuracy()).isCloseTo(11 / 15.0, within(1e-12));
        assertThat(evaluation.majorityShare()).isCloseTo(10 / 15.0, within(1e-12));
        assertThat(evaluation.macroF1()).isCloseTo((16 / 20.0 + 6 / 9.0 + 0) / 3, within(1e-12));
    }

    @Test
    void report_ofAKnownMatrix_hasEveryClassAndTheCounts() {
        Evaluation evaluation = new Evaluation(List.of(List.of(8, 2, 0), List.of(1, 3, 0), List.of(1, 0, 0)), 0.9);
        assertThat(evaluation.precision(0)).isCloseTo(0.8, within(1e-12));
        assertThat(evaluation.recall(1)).isCloseTo(0.75, within(1e-12));
        assertThat(evaluation.precision(2)).isZero();
        EvaluationReport report = new EvaluationReport(List.of("no", "maybe", "yes"), evaluation);
        assertThat(report.markdown())
                .contains("macro-F1 0.489, accuracy 0.733 (majority class 0.667) on 15 rows")
                .contains("| no | 0.800 | 0.800 | 0.800 | 10 |")
                .contains("| maybe | 0.600 | 0.750 | 0.667 | 4 |")
                .contains("| yes | 0.000 | 0.000 | 0.000 | 1 |")
                .contains("| maybe | 1 | 3 | 0 |");
        assertThat(report.tree()).containsEntry("rows", 15).containsKey("classes");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EvaluationReport(List.of("no"), evaluation))
                .withMessageContaining("1 labels");
    }

    @Test
    void of_aScorer_countsWhatItSaysAndMeansItsLoss() {
        List<Example> examples = Sample.examples().subList(0, 40);
        try (Scorer scorer = Sample.trainedScorer(Variant.FP32)) {
            Evaluation evaluation = Evaluation.of(scorer, 0, examples);
            double loss = 0;
            for (Example example : examples) {
                loss -= Math.log(scorer.probabilities(0, List.of(example.text()))[0][example.label(0)]) / 40;
            }
            assertThat(evaluation.examples()).isEqualTo(40);
            assertThat(evaluation.meanLoss()).isCloseTo(loss, within(1e-4)).isLessThan(Math.log(3));
        }
    }

    @Test
    void of_noExamples_isRefused() {
        try (Scorer scorer = Sample.trainedScorer(Variant.FP32)) {
            assertThatIllegalArgumentException().isThrownBy(() -> Evaluation.of(scorer, 0, List.of()));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Evaluation.of(scorer, 0, List.of(new Example("x", 9))))
                    .withMessageContaining("label 9");
        }
    }
}
