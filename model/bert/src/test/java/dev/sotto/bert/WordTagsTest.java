package dev.sotto.bert;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WordTagsTest {
    private static final int PERSON = 0;
    private static final int PLACE = 1;

    private static TokenizedText tokenized(TextPair text) {
        try (BertTokenizer tokenizer = BertTokenizer.of(Sample.base(), 32)) {
            return tokenizer.texts(List.of(text)).get(0);
        }
    }

    @Test
    void of_wordsOfSeveralPieces_tagsTheirFirstAloneAndComesBack() {
        String text = "Mr Ramakrishnan, of Bangalore";
        TokenizedText tokens = tokenized(TextPair.of(text));
        List<EntitySpan> entities = List.of(new EntitySpan(0, 15, PERSON), new EntitySpan(20, 29, PLACE));
        int[] tags = WordTags.of(tokens, entities);
        // [CLS] mr rama ##krishna ##n , of bangalore [SEP]
        assertThat(tags).containsExactly(WordTags.NONE, 1, 2, WordTags.NONE, WordTags.NONE, 0, 0, 3, WordTags.NONE);
        assertThat(WordTags.entities(tokens, tags)).isEqualTo(entities);
    }

    @Test
    void of_neighboursOfOneKind_begin_apart() {
        String text = "Anna Maria Paris";
        TokenizedText tokens = tokenized(TextPair.of(text));
        List<EntitySpan> entities =
                List.of(new EntitySpan(0, 4, PERSON), new EntitySpan(5, 10, PERSON), new EntitySpan(11, 16, PLACE));
        int[] tags = WordTags.of(tokens, entities);
        assertThat(tags).containsExactly(WordTags.NONE, 1, 1, 3, WordTags.NONE);
        assertThat(WordTags.entities(tokens, tags)).isEqualTo(entities);
        // Inside without a beginning: an entity begins.
        assertThat(WordTags.entities(tokens, new int[] {0, 2, 2, 4, 0}))
                .containsExactly(new EntitySpan(0, 10, PERSON), new EntitySpan(11, 16, PLACE));
    }

    @Test
    void entities_behindCharactersOfTwoUnits_haveOffsetsOfTheText() {
        String text = "\uD83D\uDE00\uD83D\uDE00 hi Anna \uD83D\uDE00";
        int at = text.indexOf("Anna");
        TokenizedText tokens = tokenized(TextPair.of(text));
        List<EntitySpan> entities = List.of(new EntitySpan(at, at + 4, PERSON));
        assertThat(WordTags.entities(tokens, WordTags.of(tokens, entities))).isEqualTo(entities);
    }

    @Test
    void of_aPair_tagsTheFirstTextAlone() {
        TokenizedText tokens = tokenized(new TextPair("Anna left", "Anna"));
        assertThat(tokens.ids()).hasSize(6);
        assertThat(tokens.firstLength()).isEqualTo(4);
        assertThat(WordTags.of(tokens, List.of(new EntitySpan(0, 4, PERSON))))
                .containsExactly(WordTags.NONE, 1, 0, WordTags.NONE, WordTags.NONE, WordTags.NONE);
    }

    @Test
    void of_aTextThatWasNotLookedThrough_teachesNothing() {
        assertThat(WordTags.of(tokenized(TextPair.of("Anna left")), null)).containsOnly(WordTags.NONE);
    }
}
