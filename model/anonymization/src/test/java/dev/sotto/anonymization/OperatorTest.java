package dev.sotto.anonymization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class OperatorTest {
    private static final byte[] KEY = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private static String run(String rules, String text) {
        return anonymizer(rules, KEY).anonymize(text).text();
    }

    private static Anonymizer anonymizer(String rules, byte[] key) {
        return Anonymizer.create(Policy.parse("entities: {" + rules + "}", "test"), key);
    }

    @Test
    void replace_unnamedType_isReplacedByTag() {
        assertThat(run("URL: {operator: keep}", "mail a@b.com, see http://c.com"))
                .isEqualTo("mail <EMAIL>, see http://c.com");
    }

    @Test
    void replace_numbered_countsEqualValuesOnceWhateverTheirForm() {
        assertThat(run(
                        "CN_MOBILE: {operator: replace, numbered: true}",
                        "13812345678 13987654321 +86 138-1234-5678 １３９８７６５４３２１"))
                .isEqualTo("<CN_MOBILE_1> <CN_MOBILE_2> <CN_MOBILE_1> <CN_MOBILE_2>");
    }

    @Test
    void mask_keepsLastCharactersAndSeparators() {
        assertThat(run("CREDIT_CARD: {operator: mask, keepLast: 4}", "card 4111-1111-1111-1111."))
                .isEqualTo("card ****-****-****-1111.");
    }

    @Test
    void mask_shortValue_keepsNothing() {
        assertThat(run("EMAIL: {operator: mask, keepLast: 4}", "mail a@b.com")).isEqualTo("mail *@*.***");
    }

    @Test
    void hash_equalValues_areEqualUnderOneKeyOnly() {
        String rules = "CN_MOBILE: {operator: hash, length: 12}";
        String one = run(rules, "13812345678");
        assertThat(one).matches("<CN_MOBILE:[k-z]{12}>").isEqualTo(run(rules, "+86 138 1234 5678"));
        assertThat(one).isNotEqualTo(run(rules, "13812345679"));
        byte[] other = KEY.clone();
        other[0]++;
        assertThat(anonymizer(rules, other).anonymize("13812345678").text()).isNotEqualTo(one);
    }

    @Test
    void hash_keyIsCopied() {
        byte[] key = KEY.clone();
        Anonymizer anonymizer = anonymizer("EMAIL: {operator: hash}", key);
        String before = anonymizer.anonymize("a@b.com").text();
        Arrays.fill(key, (byte) 0);
        assertThat(anonymizer.anonymize("a@b.com").text()).isEqualTo(before);
    }

    @Test
    void hash_shortKey_isRefused() {
        assertThatThrownBy(() -> anonymizer("EMAIL: {operator: hash}", new byte[15]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("15 bytes")
                .hasMessageContaining("16");
    }

    @Test
    void redact_leavesNothingAndReportsTheEntity() {
        AnonymizedText result = anonymizer("EMAIL: {operator: redact}", KEY).anonymize("write to a@b.com now");
        assertThat(result.text()).isEqualTo("write to  now");
        RedactedEntity entity = result.entities().get(0);
        assertThat(entity.outputStart()).isEqualTo(9).isEqualTo(entity.outputEnd());
        assertThat(entity.start()).isEqualTo(9);
        assertThat(entity.end()).isEqualTo(16);
    }

    @Test
    void keep_isNotReported() {
        AnonymizedText result = anonymizer("EMAIL: {operator: keep}", KEY).anonymize("write to a@b.com");
        assertThat(result.text()).isEqualTo("write to a@b.com");
        assertThat(result.entities()).isEmpty();
    }

    @Test
    void anonymize_recognizerFromOutside_takesPart() {
        EntityRecognizer names = new EntityRecognizer() {
            @Override
            public List<Finding> find(NormalizedText text) {
                int at = text.value().indexOf("Ada");
                return at < 0 ? List.of() : List.of(new Finding(EntityType.PERSON, at, at + 3, 0.8, "known name"));
            }

            @Override
            public String name() {
                return "names";
            }
        };
        AnonymizedText result = Anonymizer.create(Policy.defaults(), new byte[0], List.of(names))
                .anonymize("\u200bAda: ada@example.com");
        assertThat(result.text()).isEqualTo("\u200b<PERSON_1>: <EMAIL_1>");
        assertThat(result.entities()).extracting(RedactedEntity::recognizer).containsExactly("names", "email");
    }
}
