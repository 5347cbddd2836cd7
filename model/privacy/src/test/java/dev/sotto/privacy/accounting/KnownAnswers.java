package dev.sotto.privacy.accounting;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;

/** The known answers of {@code privacy.json}. */
final class KnownAnswers {
    private static final String FILE = "/dev/sotto/privacy/privacy.json";

    private KnownAnswers() {}

    static List<JsonNode> of(String group) {
        try (InputStream in = Objects.requireNonNull(KnownAnswers.class.getResourceAsStream(FILE), FILE)) {
            JsonNode vectors = new ObjectMapper().readTree(in).required(group);
            return StreamSupport.stream(vectors.spliterator(), false).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
