package dev.sotto.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OcclusionTest {
    private static final int POSITIVE = 2;
    private static Scorer scorer;

    @BeforeAll
    static void compile() {
        scorer = Sample.trainedScorer(Variant.FP32);
    }

    @AfterAll
    static void close() {
        scorer.close();
    }

    @Test
    void explain_aTextThatOneWordMakesPositive_findsTheWord() {
        String text = "The delivery came on Monday, thanks.";
        List<Attribution> attributions = Occlusion.explain(scorer, 0, text, POSITIVE, 20);
        assertThat(attributions.get(0).word()).isEqualTo("thanks");
        assertThat(attributions.get(0).score()).isPositive();
        assertThat(attributions)
                .allSatisfy(a -> assertThat(text.substring(a.start(), a.end())).isEqualTo(a.word()));
        assertThat(attributions).extracting(a -> -Math.abs(a.score())).isSorted();
        double without = scorer.probabilities(0, List.of(TextPair.of(text.replace("thanks", ""))))[0][POSITIVE];
        double with = scorer.probabilities(0, List.of(TextPair.of(text)))[0][POSITIVE];
        assertThat(attributions.get(0).score()).isEqualTo(with - without, within(1e-5));
    }

    @Test
    void explain_aLongText_coversItInAsManyRunsAsAllowed() {
        String text = "one two three four five six seven eight nine ten";
        List<Attribution> attributions = Occlusion.explain(scorer, 0, text, POSITIVE, 4);
        assertThat(attributions)
                .extracting(Attribution::word)
                .containsExactlyInAnyOrder("one two three", "four five six", "seven eight nine", "ten");
    }

    @Test
    void explain_blanks_isEmpty() {
        assertThat(Occlusion.explain(scorer, 0, "  ", POSITIVE, 4)).isEmpty();
    }

    @Test
    void explain_anUnknownLabel_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Occlusion.explain(scorer, 0, "x", 3, 4));
        assertThatIllegalArgumentException().isThrownBy(() -> Occlusion.explain(scorer, 0, "x", 1, 0));
    }
}
