package dev.sotto.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sotto.connect.flink.RawRecord;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextParserTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final String SECRET = "alice@example.org";

    private final TextParser chat = new TextParser(Channel.CHAT, 100, Duration.ofMinutes(5));

    private static RawRecord record(byte[] value) {
        return new RawRecord("text.chat", 1, 7, NOW.toEpochMilli(), null, value);
    }

    private TextMessage parse(String json) throws RejectedRecordException {
        return chat.parse(record(json.getBytes(StandardCharsets.UTF_8)));
    }

    private RejectedRecordException refusal(byte[] value) {
        return catchThrowableOfType(RejectedRecordException.class, () -> chat.parse(record(value)));
    }

    private RejectedRecordException refusal(String json) {
        return refusal(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String message(String... replaced) {
        String json = "{\"id\":\"m1\",\"conversation\":\"c1\",\"subject\":\"billing\",\"language\":\"en-GB\","
                + "\"time\":\"2026-03-01T13:00:00+01:00\",\"text\":\"hello\"}";
        for (int i = 0; i < replaced.length; i += 2) {
            assertThat(json).contains(replaced[i]);
            json = json.replace(replaced[i], replaced[i + 1]);
        }
        return json;
    }

    @Test
    void parse_wholeMessage_keepsEveryField() throws Exception {
        RawRecord record = record(message().getBytes(StandardCharsets.UTF_8));
        assertThat(chat.parse(record))
                .isEqualTo(new TextMessage(
                        Channel.CHAT, "m1", "c1", "billing", "en-GB", NOW.toEpochMilli(), "hello", record));
    }

    @Test
    void parse_optionalFieldsMissing_areFilled() throws Exception {
        TextMessage parsed = parse(message("\"subject\":\"billing\",\"language\":\"en-GB\",", "\"extra\":[1],"));
        assertThat(parsed.subject()).isEqualTo(TextParser.NO_SUBJECT);
        assertThat(parsed.language()).isNull();
    }

    @Test
    void parse_financeMessage_isKeyedBySource() throws Exception {
        TextParser finance = new TextParser(Channel.FINANCE, 100, Duration.ZERO);
        byte[] value = message("conversation", "source").getBytes(StandardCharsets.UTF_8);
        assertThat(finance.parse(record(value)).group()).isEqualTo("c1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "\"text\"",
                "{\"id\":\"alice@example.org\"",
                "{\"id\":1}{\"id\":2}",
                "{\"id\":\"a\",\"id\":\"alice@example.org\"}",
                "alice@example.org"
            })
    void parse_garbage_isMalformedAndNotQuoted(String json) {
        assertThat(refusal(json).rejection()).isEqualTo(Rejection.MALFORMED);
        assertThat(refusal(json)).hasMessageNotContaining(SECRET).hasNoCause();
    }

    @Test
    void parse_invalidUtf8_isMalformed() {
        byte[] value = message().getBytes(StandardCharsets.UTF_8);
        value[value.length - 4] = (byte) 0xC3;
        assertThat(refusal(value).rejection()).isEqualTo(Rejection.MALFORMED);
        assertThat(refusal(value)).hasMessageContaining("not UTF-8");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"id\":\"m1\"|\"id\":7|id",
                "\"id\":\"m1\"|\"id\":\" \"|id",
                "\"id\":\"m1\"|\"id\":\"alice@example.org\\n\"|id",
                "\"conversation\":\"c1\"|\"source\":\"c1\"|conversation",
                "\"language\":\"en-GB\"|\"language\":\"alice@example.org\"|language",
                "2026-03-01T13:00:00+01:00|alice@example.org|time",
                "2026-03-01T13:00:00+01:00|2026-03-01T13:00:00|time",
                "2026-03-01T13:00:00+01:00|2026-03-01T12:05:01Z|time",
                "2026-03-01T13:00:00+01:00|1969-12-31T23:59:59Z|time",
                "2026-03-01T13:00:00+01:00|+999999999-12-31T00:00:00Z|time",
                "\"text\":\"hello\"|\"text\":null|text",
                "\"text\":\"hello\"|\"text\":\"  \"|text",
                "\"text\":\"hello\"|\"text\":\"alice@example.org \\ud800\"|text"
            })
    void parse_badField_isNamedAndItsValueIsNot(String from, String to, String field) {
        RejectedRecordException refusal = refusal(message(from, to));
        assertThat(refusal.rejection()).isEqualTo(Rejection.INVALID_FIELD);
        assertThat(refusal).hasMessageContaining("'" + field + "'").hasMessageNotContaining(SECRET);
    }

    @Test
    void parse_timeWithinTheSkew_isTaken() throws Exception {
        assertThat(parse(message("2026-03-01T13:00:00+01:00", "2026-03-01T12:05:00Z"))
                        .time())
                .isEqualTo(NOW.plusSeconds(300).toEpochMilli());
    }

    @Test
    void parse_textBeyondTheLimit_isTooLargeAndNamesTheOption() {
        RejectedRecordException refusal = refusal(message("hello", "x".repeat(101)));
        assertThat(refusal.rejection()).isEqualTo(Rejection.TOO_LARGE);
        assertThat(refusal).hasMessageContaining("101").hasMessageContaining("scoring.text.max-characters");
    }

    @Test
    void parse_identifierBeyondItsLimit_isRefused() {
        assertThat(refusal(message("m1", "x".repeat(129))).rejection()).isEqualTo(Rejection.INVALID_FIELD);
    }

    @Test
    void parse_deeplyNestedJson_isMalformed() {
        String json = "{\"id\":" + "[".repeat(100_000);
        assertThat(refusal(json).rejection()).isEqualTo(Rejection.MALFORMED);
    }

    @Test
    void toString_holdsNoContent() throws Exception {
        assertThat(parse(message("hello", SECRET, "billing", "bob", "m1", "id-of-alice")))
                .hasToString("TextMessage[text.chat-1@7, 17 characters]");
    }
}
