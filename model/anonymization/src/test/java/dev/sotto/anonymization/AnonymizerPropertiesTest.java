package dev.sotto.anonymization;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class AnonymizerPropertiesTest {
    private static final Anonymizer TAGS = Anonymizer.create(Policy.defaults(), new byte[0]);
    private static final Anonymizer HASHES = Anonymizer.create(
            Policy.parse(
                    "entities: {EMAIL: {operator: hash}, PHONE: {operator: hash, length: 64}, CN_MOBILE: {operator: hash}}",
                    "test"),
            "a key of enough bytes".getBytes(StandardCharsets.US_ASCII));

    /** A text and the personal values that were planted in it. */
    record Planted(String text, List<String> values) {}

    @Property(tries = 300)
    void anonymize_plantedValues_areGone(@ForAll("planted") Planted planted) {
        for (Anonymizer anonymizer : List.of(TAGS, HASHES)) {
            AnonymizedText result = anonymizer.anonymize(planted.text);
            for (String value : planted.values) {
                assertThat(result.text()).doesNotContain(value);
                assertThat(result.entities().toString()).doesNotContain(value);
            }
            assertThat(result.entities()).hasSizeGreaterThanOrEqualTo(planted.values.size());
        }
    }

    @Property(tries = 300)
    void anonymize_spans_pointAtOriginalsAndReplacements(@ForAll("planted") Planted planted) {
        AnonymizedText result = TAGS.anonymize(planted.text);
        StringBuilder rebuilt = new StringBuilder();
        int copied = 0;
        int copiedOutput = 0;
        for (RedactedEntity entity : result.entities()) {
            String kept = planted.text.substring(copied, entity.start());
            assertThat(result.text().substring(copiedOutput, entity.outputStart()))
                    .isEqualTo(kept);
            String tag = result.text().substring(entity.outputStart(), entity.outputEnd());
            assertThat(tag).matches("<" + entity.type() + "(_\\d+)?>");
            rebuilt.append(kept).append(tag);
            copied = entity.end();
            copiedOutput = entity.outputEnd();
        }
        assertThat(rebuilt.append(planted.text.substring(copied)).toString()).isEqualTo(result.text());
    }

    @Property(tries = 300)
    void anonymize_tagsOfAnEarlierRun_areLeft(@ForAll("planted") Planted planted) {
        for (Anonymizer anonymizer : List.of(TAGS, HASHES)) {
            String once = anonymizer.anonymize(planted.text).text();
            assertThat(anonymizer.anonymize(once).text()).isEqualTo(once);
        }
    }

    @Property(tries = 500)
    void anonymize_anyString_isAcceptedAndDeterministic(@ForAll("anything") String text) {
        AnonymizedText result = TAGS.anonymize(text);
        assertThat(result).isEqualTo(TAGS.anonymize(text));
        int end = 0;
        for (RedactedEntity entity : result.entities()) {
            assertThat(entity.start()).isGreaterThanOrEqualTo(end);
            assertThat(entity.end()).isGreaterThan(entity.start()).isLessThanOrEqualTo(text.length());
            end = entity.end();
        }
    }

    @Provide
    Arbitrary<String> anything() {
        Arbitrary<String> shapes = Arbitraries.of(
                "@",
                ".",
                ":",
                "://",
                "www.",
                "+",
                "(",
                ")",
                "-",
                "13812345678",
                "4111",
                "::",
                "GB82",
                "x",
                "86",
                "０",
                "\0",
                "\ud800",
                "\udc00",
                "中",
                " ",
                "\u200b",
                "\ud835\udfd1",
                "1",
                "22",
                "com");
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(60),
                shapes.list().ofMaxSize(40).map(parts -> String.join("", parts)));
    }

    @Provide
    Arbitrary<Planted> planted() {
        Arbitrary<String> filler =
                Arbitraries.of(" and ", "，另外", "。", " (", ") ", "\n", "客户说", " \0 ", "请回复", "; then ", "\ud800");
        return Combinators.combine(
                        value().list().ofMinSize(1).ofMaxSize(6), filler.list().ofSize(7))
                .as((values, fillers) -> {
                    StringBuilder text = new StringBuilder(fillers.get(0));
                    for (int i = 0; i < values.size(); i++) {
                        text.append(values.get(i)).append(fillers.get(i + 1));
                    }
                    return new Planted(text.toString(), new ArrayList<>(values));
                });
    }

    private static Arbitrary<String> value() {
        Arbitrary<String> word =
                Arbitraries.strings().withCharRange('a', 'z').ofMinLength(1).ofMaxLength(12);
        Arbitrary<String> email = Combinators.combine(word, word).as((a, b) -> a + "@" + b + ".com");
        Arbitrary<String> mobile = digits(9).map(tail -> "13" + tail);
        Arbitrary<String> dashed =
                digits(9).map(tail -> "15" + tail.charAt(0) + "-" + tail.substring(1, 5) + "-" + tail.substring(5));
        Arbitrary<String> card = digits(14).map(tail -> ChecksumTest.withLuhnDigit("4" + tail));
        Arbitrary<String> citizen = Combinators.combine(Arbitraries.integers().between(10, 28), digits(4))
                .as((day, tail) -> "4403051990" + "01" + day + tail.substring(0, 3))
                .map(head -> head + CitizenNumber.checkCharacter(head));
        Arbitrary<String> octet = Arbitraries.integers().between(10, 255).map(String::valueOf);
        Arbitrary<String> ip =
                Combinators.combine(octet, octet, octet, octet).as((a, b, c, d) -> String.join(".", a, b, c, d));
        Arbitrary<String> url = word.map(path -> "https://example.com/" + path);
        return Arbitraries.oneOf(email, mobile, dashed, card, citizen, ip, url);
    }

    private static Arbitrary<String> digits(int count) {
        return Arbitraries.strings().numeric().ofLength(count);
    }
}
