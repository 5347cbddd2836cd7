package dev.sotto.federation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The one reader of YAML configuration: every key must be known and every declared key present, or the error names it.
 * Types are records; a record's constructor checks its own values. Thread-safe.
 */
public final class StrictYaml {
    private static final ObjectMapper MAPPER = new ObjectMapper(new YAMLFactory())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);

    private StrictYaml() {}

    /**
     * Reads a file.
     *
     * @throws ConfigurationException if it cannot be read, has an unknown key, lacks a key, or a value is refused
     */
    public static <T> T read(Path file, Class<T> type) {
        try (InputStream in = Files.newInputStream(file)) {
            return read(in, file.toString(), type);
        } catch (IOException e) {
            throw new ConfigurationException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads a stream; {@code source} names it in errors.
     *
     * @throws ConfigurationException as {@link #read(Path, Class)}
     */
    public static <T> T read(InputStream in, String source, Class<T> type) {
        try {
            JsonNode given = MAPPER.readTree(in);
            if (given == null || given.isMissingNode() || given.isNull()) {
                throw new ConfigurationException(source + " is empty; expected a " + type.getSimpleName());
            }
            return MAPPER.treeToValue(withDefaults(given, type), type);
        } catch (UnrecognizedPropertyException e) {
            String known = e.getKnownPropertyIds() == null
                    ? ""
                    : e.getKnownPropertyIds().stream()
                            .map(Object::toString)
                            .sorted()
                            .collect(Collectors.joining(", ", "; known keys here: ", ""));
            throw new ConfigurationException("%s: unknown key '%s'%s".formatted(source, path(e), known));
        } catch (JsonMappingException e) {
            Throwable root = e;
            while (root.getCause() != null && root.getCause() != root) {
                root = root.getCause();
            }
            String reason =
                    root instanceof JsonProcessingException json ? json.getOriginalMessage() : root.getMessage();
            throw new ConfigurationException("%s: at '%s': %s".formatted(source, path(e), reason), e);
        } catch (IOException e) {
            throw new ConfigurationException("%s is not YAML: %s".formatted(source, e.getMessage()), e);
        }
    }

    /** What a type's {@code .defaults.yaml}, if it has one, says is added where the given tree says nothing. */
    private static JsonNode withDefaults(JsonNode given, Class<?> type) throws IOException {
        try (InputStream defaults = type.getResourceAsStream(type.getSimpleName() + ".defaults.yaml")) {
            return defaults == null ? given : merged(given, MAPPER.readTree(defaults));
        }
    }

    private static JsonNode merged(JsonNode given, JsonNode defaults) {
        if (!(given instanceof ObjectNode object)) {
            return given;
        }
        for (Map.Entry<String, JsonNode> entry : defaults.properties()) {
            JsonNode own = object.get(entry.getKey());
            object.set(entry.getKey(), own == null ? entry.getValue() : merged(own, entry.getValue()));
        }
        return object;
    }

    private static String path(JsonMappingException e) {
        return e.getPath().stream()
                .map(part -> part.getFieldName() == null ? "[" + part.getIndex() + "]" : part.getFieldName())
                .collect(Collectors.joining("."));
    }
}
