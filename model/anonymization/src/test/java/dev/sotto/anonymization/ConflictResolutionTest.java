package dev.sotto.anonymization;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConflictResolutionTest {
    private static final NormalizedText TEXT = NormalizedText.of("abcdefghij klmnopqrst");

    private static RecognizedEntity entity(EntityType type, int start, int end, double score) {
        return new RecognizedEntity(new Finding(type, start, end, score, "test"), "test");
    }

    private static List<String> resolve(RecognizedEntity... entities) {
        return ConflictResolution.resolve(TEXT, List.of(entities)).stream()
                .map(RecognizedEntity::finding)
                .map(f -> f.type() + "[" + f.start() + "," + f.end() + ")")
                .toList();
    }

    @Test
    void resolve_sameSpan_higherScoreWins() {
        assertThat(resolve(entity(EntityType.EMAIL, 0, 5, .6), entity(EntityType.PHONE, 0, 5, .7)))
                .containsExactly("PHONE[0,5)");
    }

    @Test
    void resolve_sameScore_longerWins() {
        assertThat(resolve(entity(EntityType.EMAIL, 0, 5, .6), entity(EntityType.PHONE, 0, 6, .6)))
                .containsExactly("PHONE[0,6)");
    }

    @Test
    void resolve_sameScoreAndLength_earlierTypeWins() {
        assertThat(resolve(entity(EntityType.PHONE, 0, 5, .6), entity(EntityType.CN_MOBILE, 0, 5, .6)))
                .containsExactly("CN_MOBILE[0,5)");
    }

    @Test
    void resolve_winnerInside_losersRestStaysFound() {
        assertThat(resolve(entity(EntityType.URL, 0, 10, .6), entity(EntityType.EMAIL, 3, 6, .9)))
                .containsExactly("URL[0,3)", "EMAIL[3,6)", "URL[6,10)");
    }

    @Test
    void resolve_restWithoutLetters_isDropped() {
        assertThat(resolve(entity(EntityType.URL, 0, 11, .6), entity(EntityType.EMAIL, 0, 10, .9)))
                .containsExactly("EMAIL[0,10)");
    }

    @Test
    void resolve_anyOrderOfInput_givesTheSame() {
        List<RecognizedEntity> entities = new ArrayList<>();
        Random random = new Random(7);
        for (int i = 0; i < 30; i++) {
            int start = random.nextInt(18);
            entities.add(entity(
                    EntityType.values()[random.nextInt(9)],
                    start,
                    start + 1 + random.nextInt(TEXT.length() - start - 1),
                    random.nextInt(3) / 2.0));
        }
        List<RecognizedEntity> expected = ConflictResolution.resolve(TEXT, entities);
        for (int i = 0; i < 20; i++) {
            Collections.shuffle(entities, random);
            assertThat(ConflictResolution.resolve(TEXT, entities)).isEqualTo(expected);
        }
    }
}
