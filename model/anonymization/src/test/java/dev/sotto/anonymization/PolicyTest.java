package dev.sotto.anonymization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTest {
    private static String anonymize(String yaml, String text) {
        return Anonymizer.create(Policy.parse(yaml, "test"), new byte[16])
                .anonymize(text)
                .text();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "entity: {}                                                    | entity is an unknown key",
                "entities: {EMAIL: {operator: replace, nubmered: true}}        | entities.EMAIL.nubmered is an unknown key",
                "entities: {EMAIL: {operator: replace, keepLast: 2}}           | entities.EMAIL.keepLast is an unknown key",
                "entities: {E_MAIL: {operator: replace}}                       | entities.E_MAIL is no entity type",
                "entities: {EMAIL: {operator: encrypt}}                        | entities.EMAIL.operator is 'encrypt'",
                "entities: {EMAIL: {}}                                         | entities.EMAIL.operator is ''",
                "entities: {EMAIL: replace}                                    | entities.EMAIL must be a map",
                "entities: {EMAIL: {operator: mask, keepLast: 9}}              | entities.EMAIL keepLast is 9",
                "entities: {EMAIL: {operator: mask, keepLast: two}}            | entities.EMAIL.keepLast must be a whole number",
                "entities: {EMAIL: {operator: hash, length: 4}}                | entities.EMAIL length is 4",
                "entities: {EMAIL: {operator: replace, threshold: 1.5}}        | entities.EMAIL.threshold is 1.5",
                "entities: {EMAIL: {operator: replace, numbered: 1}}           | entities.EMAIL.numbered must be true or false",
                "{threshold: high, entities: {EMAIL: {operator: replace}}}     | threshold must be a number",
                "{threshold: -1, entities: {EMAIL: {operator: replace}}}       | threshold is -1.0",
                "{phoneRegions: [XX], entities: {EMAIL: {operator: replace}}}  | phoneRegions has 'XX'",
                "{allow: x, entities: {EMAIL: {operator: replace}}}            | allow must be a list",
                "{deny: [7], entities: {EMAIL: {operator: replace}}}           | deny[0] must be a string",
                "{deny: [' '], entities: {EMAIL: {operator: replace}}}         | deny has a blank term",
                "entities: {}                                                  | entities must map",
                "entities: {EMAIL: {operator: keep}, EMAIL: {operator: keep}}  | Duplicate field 'EMAIL'",
                "'entities: ['                                                 | is not a YAML policy",
                "'just text'                                                   | must be a map",
            })
    void parse_refusedPolicy_namesSourceAndKey(String yaml, String message) {
        assertThatThrownBy(() -> Policy.parse(yaml, "policy.yaml"))
                .isInstanceOf(PolicyException.class)
                .hasMessageContaining("policy.yaml")
                .hasMessageContaining(message);
    }

    @Test
    void defaults_everyType_hasARule() {
        assertThat(Policy.defaults().rules()).containsOnlyKeys(EntityType.values());
        assertThat(Policy.defaults().needsKey()).isFalse();
    }

    @Test
    void allow_value_isLeftWhateverItsCaseAndWidth() {
        assertThat(anonymize(
                        "{allow: [Help@Example.com], entities: {EMAIL: {operator: replace}}}",
                        "help@example.com ＨＥＬＰ＠example.com me@example.com"))
                .isEqualTo("help@example.com ＨＥＬＰ＠example.com <EMAIL>");
    }

    @Test
    void deny_term_isFoundWholeInAnyCaseAndBesideChinese() {
        assertThat(anonymize(
                        "{deny: [Nightingale, 张三], entities: {EMAIL: {operator: replace}}}",
                        "项目NIGHTINGALE由张三负责, nightingales, <Nightingale>"))
                .isEqualTo("项目<DENY_LISTED>由<DENY_LISTED>负责, nightingales, <<DENY_LISTED>>");
    }

    @Test
    void threshold_ofOneType_decidesAboutThatType() {
        String yaml = "{threshold: 0.3, entities: {CREDIT_CARD: {operator: replace, threshold: 0.95}}}";
        assertThat(anonymize(yaml, "4111111111111111 at example.com")).isEqualTo("4111111111111111 at <URL>");
    }

    @Test
    void phoneRegions_areTheOnesThatCount() {
        String yaml = "{phoneRegions: [%s], entities: {PHONE: {operator: replace}}}";
        assertThat(anonymize(yaml.formatted("FR"), "01 45 26 00 00")).isEqualTo("<PHONE>");
        assertThat(anonymize(yaml.formatted("US"), "01 45 26 00 00")).isEqualTo("01 45 26 00 00");
    }

    @Test
    void toString_namesNoListedTerm() {
        Policy policy = Policy.parse("{allow: [a@b.com], deny: [张三], entities: {EMAIL: {operator: keep}}}", "test");
        assertThat(policy.toString()).doesNotContain("a@b.com").doesNotContain("张三");
    }

    @Test
    void read_missingFile_namesIt(@TempDir Path directory) {
        assertThatThrownBy(() -> Policy.read(directory.resolve("absent.yaml"))).hasMessageContaining("absent.yaml");
    }

    @Test
    void read_exampleOfTheReadme_works() throws Exception {
        String readme = Files.readString(Path.of("README.md"));
        int start = readme.indexOf("```yaml\n") + "```yaml\n".length();
        Policy policy = Policy.parse(readme.substring(start, readme.indexOf("```", start)), "README.md");
        assertThat(Anonymizer.create(policy, new byte[32])
                        .anonymize("Project Nightingale: write to help@example.com or li@example.cn, card"
                                + " 4111 1111 1111 1111, 电话13812345678, http://example.com")
                        .text())
                .matches("<DENY_LISTED>: write to help@example\\.com or <EMAIL:[k-z]{16}>, card"
                        + " \\*{4} \\*{4} \\*{4} 1111, 电话<CN_MOBILE_1>, http://example\\.com");
    }
}
