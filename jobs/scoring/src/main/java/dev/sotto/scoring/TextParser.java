package dev.sotto.scoring;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sotto.connect.flink.RawRecord;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a message's JSON. Its errors name fields and bounds and never a value, since any value may be personal data.
 * Thread-safe.
 */
final class TextParser {
    /** The subject of messages that name none. */
    static final String NO_SUBJECT = "general";

    private static final int ID_LIMIT = 128;
    /** Characters that a subject may have. */
    static final int SUBJECT_LIMIT = 80;

    private static final Pattern LANGUAGE = Pattern.compile("[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Channel channel;
    private final int textLimit;
    private final long skewMillis;

    /**
     * A parser.
     *
     * @param textLimit UTF-16 units a text may have
     * @param skew how far a message's time may lie after its record's timestamp; without this bound one message from the
     *     future would move event time past all others
     */
    TextParser(Channel channel, int textLimit, Duration skew) {
        this.channel = channel;
        this.textLimit = textLimit;
        this.skewMillis = skew.toMillis();
    }

    /**
     * Parses a record.
     *
     * @throws RejectedRecordException if it is not UTF-8 or not JSON, or a field is missing or outside its bounds
     */
    TextMessage parse(RawRecord record) throws RejectedRecordException {
        JsonNode root = json(utf8(record.value()));
        String text = text(root);
        String subject = optional(root, "subject", SUBJECT_LIMIT);
        String language = optional(root, "language", ID_LIMIT);
        if (language != null && !LANGUAGE.matcher(language).matches()) {
            throw invalid("field 'language' is not a BCP 47 tag");
        }
        return new TextMessage(
                channel,
                required(root, "id"),
                required(root, channel.keyField()),
                subject == null ? NO_SUBJECT : subject,
                language,
                time(root, record.timestamp()),
                text,
                record);
    }

    private static String utf8(byte[] value) throws RejectedRecordException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new RejectedRecordException(Rejection.MALFORMED, "%d bytes are not UTF-8".formatted(value.length));
        }
    }

    private static JsonNode json(String value) throws RejectedRecordException {
        JsonNode root;
        try {
            root = JSON.readTree(value);
        } catch (JsonProcessingException e) {
            // The parser's message quotes the input, so neither it nor the exception goes on.
            throw new RejectedRecordException(
                    Rejection.MALFORMED, "%d characters are not JSON".formatted(value.length()));
        }
        if (!root.isObject()) {
            throw new RejectedRecordException(Rejection.MALFORMED, "the JSON is not an object");
        }
        return root;
    }

    private String text(JsonNode root) throws RejectedRecordException {
        JsonNode node = root.path("text");
        if (!node.isTextual() || node.textValue().isBlank()) {
            throw invalid("field 'text' is not a string with text in it");
        }
        String text = node.textValue();
        if (text.length() > textLimit) {
            throw new RejectedRecordException(
                    Rejection.TOO_LARGE,
                    "field 'text' has %d characters but may have %d (%s)"
                            .formatted(text.length(), textLimit, ScoringOptions.TEXT_LIMIT.key()));
        }
        return wellFormed("text", text);
    }

    private static String required(JsonNode root, String field) throws RejectedRecordException {
        String value = optional(root, field, ID_LIMIT);
        if (value == null) {
            throw invalid("field '" + field + "' is missing");
        }
        return value;
    }

    private static @Nullable String optional(JsonNode root, String field, int limit) throws RejectedRecordException {
        JsonNode node = root.path(field);
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        if (!node.isTextual() || node.textValue().isBlank()) {
            throw invalid("field '" + field + "' is not a string with text in it");
        }
        String value = node.textValue();
        if (value.length() > limit) {
            throw invalid("field '%s' has %d characters but may have %d".formatted(field, value.length(), limit));
        }
        if (value.codePoints().anyMatch(Character::isISOControl)) {
            throw invalid("field '" + field + "' holds a control character");
        }
        return wellFormed(field, value);
    }

    /** A lone surrogate has no UTF-8, and native code must not meet one. */
    private static String wellFormed(String field, String value) throws RejectedRecordException {
        if (value.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
            throw invalid("field '" + field + "' holds half of a surrogate pair");
        }
        return value;
    }

    private long time(JsonNode root, long timestamp) throws RejectedRecordException {
        JsonNode node = root.path("time");
        long time;
        try {
            time = OffsetDateTime.parse(node.isTextual() ? node.textValue() : "")
                    .toInstant()
                    .toEpochMilli();
        } catch (DateTimeException | ArithmeticException e) {
            throw invalid("field 'time' is not an ISO-8601 time with an offset");
        }
        if (time < 0 || time > timestamp + skewMillis) {
            throw invalid("field 'time' is before 1970 or more than %d ms after the record's timestamp (%s)"
                    .formatted(skewMillis, ScoringOptions.CLOCK_SKEW.key()));
        }
        return time;
    }

    private static RejectedRecordException invalid(String detail) {
        return new RejectedRecordException(Rejection.INVALID_FIELD, detail);
    }
}
