package dev.sotto.privacy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The known answers of {@code privacy.json}. */
final class Vectors {
    private Vectors() {}

    static Stream<JsonNode> of(String group) {
        return StreamSupport.stream(read("privacy.json").required(group).spliterator(), false);
    }

    static JsonNode of(String group, String id) {
        return of(group)
                .filter(vector -> vector.required("id").asText().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no vector " + id + " in " + group));
    }

    static JsonNode read(String file) {
        try (InputStream in = Objects.requireNonNull(Vectors.class.getResourceAsStream(file), file)) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
