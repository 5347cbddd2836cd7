package dev.sotto.anonymization;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormalizedTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "１３８ＡｂＣ＠．，;138AbC@.,",
                "\u0661\u0662\u0663\u0966;1230",
                "a\u2013b\u2014c\u2212d;a-b-c-d",
                "1\u00b72\u30fb3;1.2.3",
                "a\u00a0b\u3000c;a b c",
                "1\u200b3\ufeff8\u00ad;138",
                "\ud835\udfcf\ud835\udfd0;12",
            })
    void of_lookalike_isFoldedToAscii(String text, String expected) {
        assertThat(NormalizedText.of(text).value()).isEqualTo(expected);
    }

    @Test
    void of_circledAndSuperscriptDigits_areNotInventedAsDigits() {
        assertThat(NormalizedText.of("①②³½Ⅳ").value()).isEqualTo("①②³½Ⅳ");
    }

    @Test
    void of_plainText_isTheSameString() {
        String text = "plain 中文 \0 \ud800 end \ud83d\ude00";
        assertThat(NormalizedText.of(text).value()).isSameAs(text);
    }

    @Test
    void originalEnd_mathematicalDigit_coversBothSurrogates() {
        NormalizedText text = NormalizedText.of("a\ud835\udfcfb");
        assertThat(text.value()).isEqualTo("a1b");
        assertThat(text.originalStart(1)).isEqualTo(1);
        assertThat(text.originalEnd(2)).isEqualTo(3);
        assertThat(text.originalStart(2)).isEqualTo(3);
    }

    @Test
    void toString_holdsNoText() {
        assertThat(NormalizedText.of("secret").toString()).doesNotContain("secret");
    }

    @Property
    void offsetMap_everyCharacter_leadsBackToWhatItWasFoldedFrom(@ForAll("mixed") String original) {
        NormalizedText text = NormalizedText.of(original);
        int previousEnd = 0;
        for (int i = 0; i < text.length(); i++) {
            int start = text.originalStart(i);
            int end = text.originalEnd(i + 1);
            assertThat(start).isGreaterThanOrEqualTo(previousEnd);
            assertThat(end).isBetween(start + 1, Math.min(start + 2, original.length()));
            assertThat(NormalizedText.of(original.substring(start, end)).value())
                    .isEqualTo(text.value().substring(i, i + 1));
            assertThat(NormalizedText.of(original.substring(previousEnd, start)).value())
                    .isEmpty();
            previousEnd = end;
        }
        assertThat(NormalizedText.of(original.substring(previousEnd)).value()).isEmpty();
        assertThat(text.originalStart(text.length()))
                .isEqualTo(text.length() == 0 ? text.originalStart(0) : original.length());
    }

    @Provide
    Arbitrary<String> mixed() {
        return Arbitraries.of(
                        "a",
                        "7",
                        "号",
                        "１",
                        "Ａ",
                        "．",
                        "\u200b",
                        "\u2014",
                        "\u00a0",
                        "\0",
                        "①",
                        "\ud835\udfd1",
                        "\ud83d\ude00",
                        "\ud800",
                        "\udc00",
                        "\ufe0f",
                        "\n")
                .list()
                .ofMaxSize(40)
                .map(parts -> String.join("", parts));
    }
}
