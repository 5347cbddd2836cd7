package dev.sotto.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.bert.Variant;
import dev.sotto.federation.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VariantRuleTest {
    private static final String ROW = "{\"text\": \"a kind answer\", \"sentiment\": \"positive\"}";

    @TempDir
    private Path directory;

    private VariantRule read(List<String> lines) throws Exception {
        Path file = Files.write(directory.resolve("rows.jsonl"), lines);
        return VariantRule.read(Variant.INT8, file, TestModels.SERVED, "text");
    }

    @Test
    void read_labelledRows_keepsTextAndClass() throws Exception {
        VariantRule rule = read(Collections.nCopies(200, ROW));
        assertThat(rule.rows())
                .hasSize(200)
                .containsOnly(new LabelledText(
                        "a kind answer", TestModels.SERVED.labels().indexOf("positive")));
    }

    @Test
    void read_lineWithoutAClass_isNamedAndNotQuoted() {
        assertThatThrownBy(() -> read(List.of(ROW, "{\"text\": \"secret\", \"sentiment\": \"so-so\"}")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("line 2")
                .hasMessageContaining("'sentiment' that is one of [negative, neutral, positive]")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> read(List.of("secret text")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("line 1")
                .hasMessageContaining("not JSON")
                .hasMessageNotContaining("secret");
    }

    @Test
    void coarseArithmetic_withoutRowsEnough_isRefused() {
        assertThatThrownBy(() -> new VariantRule(Variant.BF16, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("scoring.model.variant is BF16, which needs 200 to 2000 rows")
                .hasMessageContaining("scoring.model.validation-file");
        assertThatThrownBy(() -> read(Collections.nCopies(199, ROW)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there are 199");
    }
}
