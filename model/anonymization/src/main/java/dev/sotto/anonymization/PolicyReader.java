package dev.sotto.anonymization;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The reader of YAML policies: a key that nobody would read is refused by name, with the keys that are known. */
final class PolicyReader {
    private static final ObjectMapper MAPPER = new ObjectMapper(new YAMLFactory())
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final double DEFAULT_THRESHOLD = 0.5;
    private static final int DEFAULT_HASH_LENGTH = 16;
    private static final int DEFAULT_KEEP_LAST = 4;
    private static final List<String> DEFAULT_REGIONS = List.of("US", "GB", "CN");

    private final String source;

    PolicyReader(String source) {
        this.source = source;
    }

    Policy read(String yaml) {
        JsonNode root = tree(yaml);
        if (!root.isObject()) {
            throw refused("", "the policy must be a map with the key entities");
        }
        known(root, "", "threshold", "phoneRegions", "entities", "allow", "deny");
        double threshold = number(root, "", "threshold", DEFAULT_THRESHOLD);
        Map<EntityType, EntityRule> rules = rules(root.path("entities"), threshold);
        List<String> regions = root.has("phoneRegions") ? strings(root, "phoneRegions") : DEFAULT_REGIONS;
        try {
            return new Policy(rules, regions, strings(root, "allow"), strings(root, "deny"));
        } catch (PolicyException e) {
            throw new PolicyException(source + ": " + e.getMessage(), e);
        }
    }

    private JsonNode tree(String yaml) {
        try {
            return MAPPER.readTree(yaml);
        } catch (JsonProcessingException e) {
            throw new PolicyException("%s is not a YAML policy: %s".formatted(source, e.getOriginalMessage()), e);
        }
    }

    private Map<EntityType, EntityRule> rules(JsonNode entities, double threshold) {
        if (!entities.isObject() || entities.isEmpty()) {
            throw refused("entities", "must map entity types to rules, such as EMAIL: {operator: replace}");
        }
        Map<EntityType, EntityRule> rules = new EnumMap<>(EntityType.class);
        for (EntityType type : EntityType.values()) {
            rules.put(type, new EntityRule(new Operator.Replace(false), checked("threshold", threshold)));
        }
        entities.fields().forEachRemaining(field -> {
            String path = "entities." + field.getKey();
            rules.put(type(field.getKey(), path), rule(field.getValue(), path, threshold));
        });
        return rules;
    }

    private EntityType type(String name, String path) {
        for (EntityType type : EntityType.values()) {
            if (type.name().equals(name)) {
                return type;
            }
        }
        throw refused(path, "is no entity type; known types: " + Arrays.toString(EntityType.values()));
    }

    private EntityRule rule(JsonNode rule, String path, double threshold) {
        if (!rule.isObject()) {
            throw refused(path, "must be a map such as {operator: replace}");
        }
        String operator = rule.path("operator").asText("");
        double own = checked(path + ".threshold", number(rule, path, "threshold", threshold));
        try {
            return new EntityRule(operator(operator, rule, path), own);
        } catch (PolicyException e) {
            throw e.getMessage() != null && e.getMessage().startsWith(source) ? e : refused(path, e.getMessage());
        }
    }

    private Operator operator(String operator, JsonNode rule, String path) {
        return switch (operator) {
            case "replace" -> {
                known(rule, path, "operator", "threshold", "numbered");
                yield new Operator.Replace(flag(rule, path, "numbered"));
            }
            case "mask" -> {
                known(rule, path, "operator", "threshold", "keepLast");
                yield new Operator.Mask(integer(rule, path, "keepLast", DEFAULT_KEEP_LAST));
            }
            case "hash" -> {
                known(rule, path, "operator", "threshold", "length");
                yield new Operator.Hash(integer(rule, path, "length", DEFAULT_HASH_LENGTH));
            }
            case "keep" -> {
                known(rule, path, "operator", "threshold");
                yield new Operator.Keep();
            }
            case "redact" -> {
                known(rule, path, "operator", "threshold");
                yield new Operator.Redact();
            }
            default ->
                throw refused(
                        path + ".operator",
                        "is '%s' but must be one of replace, mask, hash, keep, redact".formatted(operator));
        };
    }

    private void known(JsonNode map, String path, String... keys) {
        Set<String> unknown = new TreeSet<>();
        map.fieldNames().forEachRemaining(unknown::add);
        Arrays.asList(keys).forEach(unknown::remove);
        if (!unknown.isEmpty()) {
            String names = unknown.stream().map(key -> join(path, key)).collect(Collectors.joining(", "));
            throw refused(names, "is an unknown key; known keys here: " + String.join(", ", keys));
        }
    }

    private double checked(String path, double threshold) {
        if (!(threshold >= 0 && threshold <= 1)) {
            throw refused(path, "is %s but must be in [0, 1]".formatted(threshold));
        }
        return threshold;
    }

    private double number(JsonNode map, String path, String key, double absent) {
        JsonNode value = map.get(key);
        if (value == null) {
            return absent;
        }
        if (!value.isNumber()) {
            throw refused(join(path, key), "must be a number");
        }
        return value.doubleValue();
    }

    private int integer(JsonNode map, String path, String key, int absent) {
        JsonNode value = map.get(key);
        if (value == null) {
            return absent;
        }
        if (!value.isInt()) {
            throw refused(join(path, key), "must be a whole number");
        }
        return value.intValue();
    }

    private boolean flag(JsonNode map, String path, String key) {
        JsonNode value = map.get(key);
        if (value != null && !value.isBoolean()) {
            throw refused(join(path, key), "must be true or false");
        }
        return value != null && value.booleanValue();
    }

    private List<String> strings(JsonNode map, String key) {
        JsonNode value = map.get(key);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray()) {
            throw refused(key, "must be a list");
        }
        List<String> strings = new ArrayList<>();
        for (JsonNode item : value) {
            if (!item.isTextual()) {
                throw refused(key + "[" + strings.size() + "]", "must be a string; quote it");
            }
            strings.add(item.textValue());
        }
        return strings;
    }

    private static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private PolicyException refused(String path, @Nullable String reason) {
        return new PolicyException(source + ": " + (path.isEmpty() ? "" : path + " ") + reason);
    }
}
