package dev.sotto.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class EntityEvaluationTest {
    /** The example of seqeval's documentation: MISC one word too short, PER right. */
    @Test
    void of_seqevalsExample_hasItsFigures() {
        List<List<EntitySpan>> actual = List.of(List.of(new EntitySpan(6, 16, 0)), List.of(new EntitySpan(0, 4, 1)));
        List<List<EntitySpan>> found = List.of(List.of(new EntitySpan(4, 16, 0)), List.of(new EntitySpan(0, 4, 1)));
        EntityEvaluation evaluation = EntityEvaluation.of(2, actual, found);
        assertThat(evaluation.labels().get(0).f1()).isZero();
        assertThat(evaluation.labels().get(1).f1()).isEqualTo(1);
        assertThat(evaluation.micro().f1()).isEqualTo(0.5);
        assertThat(evaluation.macroF1()).isEqualTo(0.5);
        assertThat(evaluation.right()).isEqualTo(1);
        assertThat(evaluation.markdown(List.of("MISC", "PER")))
                .contains("entity F1 0.500, macro-F1 0.500, 1 of 2 texts wholly right")
                .contains("| PER | 1.000 | 1.000 | 1.000 | 1 |");
        assertThat(evaluation.tree(List.of("MISC", "PER"))).containsEntry("microF1", 0.5);
    }

    @Test
    void of_entitiesOfAnotherKindOrTooMany_areWrong() {
        EntityEvaluation evaluation = EntityEvaluation.of(
                2,
                List.of(List.of(new EntitySpan(0, 4, 0), new EntitySpan(9, 12, 0))),
                List.of(List.of(new EntitySpan(0, 4, 1), new EntitySpan(9, 12, 0), new EntitySpan(20, 22, 0))));
        assertThat(evaluation.labels().get(0)).isEqualTo(new EntityEvaluation.Counts(2, 2, 1));
        assertThat(evaluation.labels().get(1)).isEqualTo(new EntityEvaluation.Counts(0, 1, 0));
        assertThat(evaluation.micro().precision()).isCloseTo(1.0 / 3, within(1e-12));
        assertThat(evaluation.right()).isZero();
    }
}
