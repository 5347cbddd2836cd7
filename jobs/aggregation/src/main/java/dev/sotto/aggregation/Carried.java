package dev.sotto.aggregation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sotto.federation.StrictYaml;
import java.io.ByteArrayInputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;

/**
 * A configuration value on its way to the operators, as JSON in the job graph, so that no file of it need lie on every
 * task manager. For public configuration alone. Immutable.
 *
 * @param <T> a type that {@link StrictYaml} reads
 */
final class Carried<T> implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Class<T> type;
    private final String json;

    private Carried(Class<T> type, String json) {
        this.type = type;
        this.json = json;
    }

    static <T> Carried<T> of(Class<T> type, T value) {
        try {
            return new Carried<>(type, new ObjectMapper().writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a " + type.getSimpleName() + " that was read can be written", e);
        }
    }

    T value() {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return StrictYaml.read(new ByteArrayInputStream(bytes), "the job's " + type.getSimpleName(), type);
    }
}
