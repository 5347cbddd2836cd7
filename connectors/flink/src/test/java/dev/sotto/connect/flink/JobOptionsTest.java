package dev.sotto.connect.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

class JobOptionsTest {
    private static final ConfigOption<Duration> WAIT =
            ConfigOptions.key("demo.wait").durationType().defaultValue(Duration.ofSeconds(1));
    private static final ConfigOption<String> NAME =
            ConfigOptions.key("demo.name").stringType().noDefaultValue();
    private static final List<ConfigOption<?>> KNOWN = List.of(WAIT, NAME);

    private static Configuration parse(String... args) {
        return JobOptions.parse(args, KNOWN);
    }

    @Test
    void parse_knownOptions_areTyped() {
        Configuration options = parse("--demo.wait", "5 min", "--demo.name", "--odd");
        assertThat(options.get(WAIT)).isEqualTo(Duration.ofMinutes(5));
        assertThat(JobOptions.require(options, NAME)).isEqualTo("--odd");
    }

    @Test
    void parse_unknownOption_namesItAndTheKnownOnes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("--demo.wiat", "1s"))
                .withMessage("unknown option --demo.wiat; known options: --demo.name, --demo.wait");
    }

    @Test
    void parse_valueOfAnotherType_namesOptionAndValue() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("--demo.wait", "soon"))
                .withMessageContaining("--demo.wait")
                .withMessageContaining("soon");
    }

    @Test
    void parse_optionTwiceOrWithoutValueOrNoOption_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("--demo.name", "a", "--demo.name", "b"))
                .withMessageContaining("twice");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("--demo.name"))
                .withMessageContaining("no value");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("demo.name", "a"))
                .withMessageContaining("'demo.name'");
    }

    @Test
    void require_missing_isRefusedByName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JobOptions.require(parse(), NAME))
                .withMessageContaining("--demo.name");
    }
}
