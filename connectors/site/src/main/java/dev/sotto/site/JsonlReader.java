package dev.sotto.site;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One JSON object a line, in UTF-8; empty lines are skipped. */
final class JsonlReader implements RowReader {
    private static final ObjectReader JSON = JsonMapper.builder()
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .readerFor(JsonNode.class);

    @Override
    public void read(InputStream in, Set<String> required, Set<String> labels, Rows rows) throws IOException {
        // Lines are cut as Latin-1, in which every byte is a character, so that one bad byte spoils one line only.
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.ISO_8859_1));
        long number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            try {
                JsonNode row = JSON.readValue(utf8(line));
                if (row.isObject()) {
                    rows.row(number, new Fields(row));
                } else {
                    rows.bad(number, "not a JSON object");
                }
            } catch (CharacterCodingException e) {
                rows.bad(number, "not UTF-8");
            } catch (JsonProcessingException e) {
                rows.bad(number, "not JSON");
            }
        }
    }

    private static String utf8(String latin1) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(latin1.getBytes(StandardCharsets.ISO_8859_1)))
                .toString();
    }

    /** A row's fields; an entity is an object of start, end and label, or an array of the three. */
    private record Fields(JsonNode row) implements Row {
        @Override
        public @Nullable String value(String column) {
            JsonNode value = row.get(column);
            return value == null || !value.isValueNode() || value.isNull() ? null : value.asText();
        }

        @Override
        public @Nullable List<NamedSpan> entities(String column) {
            JsonNode value = row.get(column);
            if (value == null || value.isNull()) {
                return null;
            }
            if (!value.isArray()) {
                throw new DataException("the entities are not an array");
            }
            List<NamedSpan> spans = new ArrayList<>();
            for (JsonNode entity : value) {
                boolean array = entity.isArray();
                JsonNode start = array ? entity.path(0) : entity.path("start");
                JsonNode end = array ? entity.path(1) : entity.path("end");
                JsonNode kind = array ? entity.path(2) : entity.path("label");
                if (!start.isInt() || !end.isInt() || !kind.isTextual()) {
                    throw new DataException("an entity is not of start, end and label");
                }
                spans.add(new NamedSpan(start.intValue(), end.intValue(), kind.textValue()));
            }
            return spans;
        }
    }
}
