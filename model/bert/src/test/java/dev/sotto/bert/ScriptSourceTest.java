package dev.sotto.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ScriptSourceTest {
    @Test
    void include_aFileWhoseConstantIsNotGiven_namesIt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ScriptSource().constant("hidden", 384).include("encoder.py"))
                .withMessageContaining("encoder.py")
                .withMessageContaining("epsilon");
    }

    @Test
    void source_ofTheEncoder_hasNoPlaceholderLeft() {
        String source =
                new EncoderScript(Sample.base(), Variant.INT8).source("gelu", 2).toString();
        assertThat(source).doesNotContain("${").contains("class Dense", "class Layer");
    }
}
