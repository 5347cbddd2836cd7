package dev.sotto.anonymization;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What becomes of every kind of personal data. Immutable.
 *
 * @param rules a rule for every type
 * @param phoneRegions ISO 3166 codes of the regions whose national numbers count as telephone numbers
 * @param allow values that are never touched, compared without case and width
 * @param deny terms that are always touched, as {@link EntityType#DENY_LISTED}, found without case and width
 */
public record Policy(
        Map<EntityType, EntityRule> rules, List<String> phoneRegions, List<String> allow, List<String> deny) {
    private static final String DEFAULT = "/policies/default.yaml";
    private static final EntityRule UNNAMED = new EntityRule(new Operator.Replace(false), 0.5);

    /** Types without a rule are replaced by a tag from a score of 0.5 on. */
    public Policy {
        Map<EntityType, EntityRule> complete = new EnumMap<>(EntityType.class);
        for (EntityType type : EntityType.values()) {
            complete.put(type, rules.getOrDefault(type, UNNAMED));
        }
        rules = Map.copyOf(complete);
        phoneRegions = List.copyOf(phoneRegions);
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
        for (String region : phoneRegions) {
            if (!PhoneNumberUtil.getInstance().getSupportedRegions().contains(region)) {
                throw new PolicyException(
                        "phoneRegions has '%s' but needs upper-case ISO 3166 codes such as US".formatted(region));
            }
        }
        for (String term : deny) {
            if (term.isBlank()) {
                throw new PolicyException("deny has a blank term; remove it");
            }
        }
    }

    /** The shipped policy: tags for everything, numbered for people's addresses and numbers. */
    public static Policy defaults() {
        try (InputStream in = Policy.class.getResourceAsStream(DEFAULT)) {
            if (in == null) {
                throw new IllegalStateException(DEFAULT + " is missing from the class path; rebuild the jar");
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), DEFAULT);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + DEFAULT, e);
        }
    }

    /**
     * Reads a YAML policy.
     *
     * @throws PolicyException if it cannot be read, or a key or value is refused
     */
    public static Policy read(Path file) {
        try {
            return parse(Files.readString(file), file.toString());
        } catch (IOException e) {
            throw new PolicyException("cannot read policy " + file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Parses a YAML policy; {@code source} names it in errors.
     *
     * @throws PolicyException if a key or value is refused
     */
    public static Policy parse(String yaml, String source) {
        return new PolicyReader(source).read(yaml);
    }

    /** The rule for a type. */
    public EntityRule rule(EntityType type) {
        return rules.getOrDefault(type, UNNAMED);
    }

    /** Whether some type is hashed, so that a key is needed. */
    public boolean needsKey() {
        return rules.values().stream().anyMatch(rule -> rule.operator() instanceof Operator.Hash);
    }

    /** The rules; of the lists, which may name people, only the sizes. */
    @Override
    public String toString() {
        return "Policy[rules=%s, phoneRegions=%s, allow=%d values, deny=%d terms]"
                .formatted(new EnumMap<>(rules), phoneRegions, allow.size(), deny.size());
    }
}
