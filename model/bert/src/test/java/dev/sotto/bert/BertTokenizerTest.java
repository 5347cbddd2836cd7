package dev.sotto.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class BertTokenizerTest {
    private static final long CLS = 101;
    private static final long SEP = 102;

    @Test
    void tokens_ofShortTexts_areNotPadded() {
        try (BertTokenizer tokenizer = BertTokenizer.of(Sample.base(), 16)) {
            List<long[]> tokens = tokenizer.ids(List.of("Hello world", ""));
            assertThat(tokens.get(0)).containsExactly(CLS, 7592, 2088, SEP);
            assertThat(tokens.get(1)).containsExactly(CLS, SEP);
        }
    }

    @Test
    void tokens_ofChineseTexts_areOneACharacterAndNotPadded() {
        try (BertTokenizer tokenizer = BertTokenizer.of(ChineseSample.base(), 16)) {
            List<long[]> tokens = tokenizer.ids(List.of("你好", "银行卡,OK", "好".repeat(300)));
            assertThat(tokens.get(0)).containsExactly(CLS, 872, 1962, SEP);
            assertThat(tokens.get(1)).hasSizeBetween(7, 8).startsWith(CLS).endsWith(SEP);
            assertThat(tokens.get(2)).hasSize(16).startsWith(CLS, 1962).endsWith(SEP);
        }
    }

    @Test
    void tokens_ofALongText_areCutAndStillEnd() {
        try (BertTokenizer tokenizer = BertTokenizer.of(Sample.base(), 16)) {
            assertThat(tokenizer.ids(List.of("word ".repeat(1000))).get(0))
                    .hasSize(16)
                    .startsWith(CLS)
                    .endsWith(SEP);
        }
    }

    @Test
    void tokens_ofManyTexts_keepTheirOrder() {
        try (BertTokenizer tokenizer = BertTokenizer.of(Sample.base(), 16)) {
            List<String> texts = new ArrayList<>(Collections.nCopies(600, "no"));
            texts.set(599, "yes");
            List<long[]> tokens = tokenizer.ids(texts);
            assertThat(tokens).hasSize(600);
            assertThat(tokens.get(599)).isNotEqualTo(tokens.get(598));
        }
    }

    @Test
    void of_moreTokensThanPositions_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BertTokenizer.of(Sample.base(), 513))
                .withMessageContaining("513")
                .withMessageContaining("512");
    }
}
