package dev.sotto.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerFilesTest {
    @TempDir
    private Path directory;

    private static List<String> firsts(List<TextPair> texts) {
        return texts.stream().map(TextPair::first).toList();
    }

    private static List<String> texts() {
        List<String> texts = new ArrayList<>(firsts(Sample.texts(100)));
        texts.addAll(firsts(ChineseSample.texts(48)));
        texts.add("Café NAÏVE [MASK] e\u0301\t\u00a0 #hash ##s \ud83d\ude02 (7.5%)");
        texts.add("");
        return texts;
    }

    /** The ids that a vocab.txt made from the base's own tokenizer.json gives. */
    private List<long[]> tokensByVocabulary(BaseModel base) throws IOException {
        JsonNode vocabulary =
                new ObjectMapper().readTree(base.tokenizer()).path("model").path("vocab");
        List<String> lines = vocabulary.properties().stream()
                .sorted(Comparator.comparingInt(entry -> entry.getValue().intValue()))
                .map(Map.Entry::getKey)
                .toList();
        Files.write(directory.resolve("vocab.txt"), lines);
        byte[] tokenizer = TokenizerFiles.read(directory, base.architecture().vocabulary());
        return tokens(new BaseModel("rebuilt", base.architecture(), Map.of(), tokenizer, ""));
    }

    private static List<long[]> tokens(BaseModel base) {
        try (BertTokenizer tokenizer = BertTokenizer.of(base, 64)) {
            return tokenizer.ids(texts());
        }
    }

    private static void assertSame(List<long[]> actual, List<long[]> expected) {
        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.get(i)).as(texts().get(i)).isEqualTo(expected.get(i));
        }
    }

    @Test
    void read_vocabularyAlone_lowersCase() throws Exception {
        assertSame(tokensByVocabulary(Sample.base()), tokens(Sample.base()));
    }

    @Test
    void read_vocabularyWithItsConfiguration_keepsCase() throws Exception {
        Files.writeString(directory.resolve("tokenizer_config.json"), "{\"do_lower_case\": false}");
        assertSame(tokensByVocabulary(ChineseSample.base()), tokens(ChineseSample.base()));
    }

    @Test
    void read_tokenizerFile_isTakenAsItIsAndBeforeAVocabulary() throws Exception {
        Files.write(directory.resolve("tokenizer.json"), Sample.base().tokenizer());
        Files.writeString(directory.resolve("vocab.txt"), "other");
        assertThat(TokenizerFiles.read(directory, 30522))
                .isEqualTo(Sample.base().tokenizer());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenizerFiles.read(directory, 30521))
                .withMessageContaining("30521");
    }

    @Test
    void read_whatIsNoTokenizer_isRefused() throws Exception {
        Files.writeString(directory.resolve("tokenizer.json"), "{\"model\": {}}");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenizerFiles.read(directory, 10))
                .withMessageContaining("tokenizer.json")
                .withMessageContaining("no vocabulary");
        Files.writeString(directory.resolve("tokenizer.json"), "{");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenizerFiles.read(directory, 10))
                .withMessageContaining("not JSON");
    }
}
