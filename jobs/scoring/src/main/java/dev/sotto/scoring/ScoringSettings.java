package dev.sotto.scoring;

import static dev.sotto.connect.flink.JobOptions.require;

import dev.sotto.bert.Variant;
import dev.sotto.connect.flink.FlinkModelStore;
import dev.sotto.federation.ConfigurationException;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import java.io.IOException;
import java.io.Reader;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.jspecify.annotations.Nullable;

/**
 * Everything the scoring job needs to know.
 *
 * @param bootstrap bootstrap servers
 * @param kafka more client properties, for example security
 * @param alertDelivery at least once, or exactly once at the price of a checkpoint interval
 * @param rules what the operators are told
 */
public record ScoringSettings(
        String bootstrap, Map<String, String> kafka, DeliveryGuarantee alertDelivery, ScoringRules rules) {
    public ScoringSettings {
        kafka = Map.copyOf(kafka);
        if (alertDelivery == DeliveryGuarantee.NONE) {
            throw new IllegalArgumentException(
                    "%s is none but must be at-least-once or exactly-once".formatted(ScoringOptions.ALERTS.key()));
        }
    }

    /**
     * Reads the files that the options name: task, trust and policy here, the key's on every task manager later.
     *
     * @param options as {@link ScoringOptions#all()} declares them
     * @throws IllegalArgumentException if an option is missing or outside its bounds
     * @throws ConfigurationException if a file cannot be read
     */
    public static ScoringSettings of(Configuration options) {
        URI models = URI.create(require(options, ScoringOptions.MODELS));
        ModelStoreSource store = () -> new FlinkModelStore(models);
        TaskDefinition definition = TaskDefinition.read(Path.of(require(options, ScoringOptions.TASK)));
        ServedTask task = ServedTask.of(definition, options.getOptional(ScoringOptions.HEAD));
        ScoringRules rules = new ScoringRules(
                task,
                Trust.read(Path.of(require(options, ScoringOptions.TRUST))),
                store,
                variant(options, definition.columns().text(), task),
                new AnonymizationRule(
                        options.getOptional(ScoringOptions.POLICY)
                                .map(file -> text(Path.of(file)))
                                .orElse(""),
                        require(options, ScoringOptions.HASH_KEY)),
                text(options),
                batches(options),
                alerts(options),
                surges(options),
                release(options, task));
        return new ScoringSettings(
                require(options, ScoringOptions.BOOTSTRAP),
                options.getOptional(ScoringOptions.KAFKA_PROPERTIES)
                        .map(file -> properties(Path.of(file)))
                        .orElse(Map.of()),
                options.get(ScoringOptions.ALERTS),
                rules);
    }

    private static TextRule text(Configuration options) {
        return new TextRule(
                options.get(ScoringOptions.TEXT_LIMIT),
                options.get(ScoringOptions.CLOCK_SKEW),
                options.get(ScoringOptions.OUT_OF_ORDER),
                options.get(ScoringOptions.IDLE));
    }

    private static BatchRule batches(Configuration options) {
        return new BatchRule(
                options.get(ScoringOptions.BATCH),
                options.get(ScoringOptions.BATCH_DELAY),
                options.get(ScoringOptions.WAITING),
                options.get(ScoringOptions.WAITING_PAUSE),
                options.get(ScoringOptions.MODEL_RETRY));
    }

    private static VariantRule variant(Configuration options, String column, ServedTask task) {
        Variant wanted = options.get(ScoringOptions.VARIANT);
        return options.getOptional(ScoringOptions.VALIDATION)
                .map(file -> VariantRule.read(wanted, Path.of(file), task, column))
                .orElseGet(() -> new VariantRule(wanted, List.of()));
    }

    private static AlertRule alerts(Configuration options) {
        return new AlertRule(
                options.get(ScoringOptions.LABEL),
                options.get(ScoringOptions.THRESHOLD),
                options.get(ScoringOptions.CRITICAL),
                options.get(ScoringOptions.EXPLAIN_WORDS),
                options.get(ScoringOptions.EXPLAIN_TOP),
                options.get(ScoringOptions.EXPLAIN_PER_BATCH));
    }

    private static SurgeRule surges(Configuration options) {
        return new SurgeRule(
                options.get(ScoringOptions.SURGE_WINDOW),
                options.get(ScoringOptions.SURGE_SLIDE),
                options.get(ScoringOptions.SURGE_ALPHA),
                options.get(ScoringOptions.SURGE_CALM),
                options.get(ScoringOptions.SURGE_CALM_TESTS),
                options.get(ScoringOptions.SURGE_LEAST),
                options.get(ScoringOptions.SURGE_WARM_UP),
                options.get(ScoringOptions.SURGE_HALF_LIFE));
    }

    private static @Nullable ReleaseRule release(Configuration options, ServedTask task) {
        if (options.getOptional(ScoringOptions.RELEASE_EPSILON).isEmpty()) {
            for (ConfigOption<?> option : ScoringOptions.release()) {
                if (options.getOptional(option).isPresent()) {
                    throw new IllegalArgumentException("--%s is given but --%s is not, so nothing would be released;"
                                    .formatted(option.key(), ScoringOptions.RELEASE_EPSILON.key())
                            + " give an epsilon or leave it out");
                }
            }
            return null;
        }
        return new ReleaseRule(
                task.task(),
                task.labels(),
                require(options, ScoringOptions.RELEASE_TOPICS),
                instant(ScoringOptions.RELEASE_FROM.key(), require(options, ScoringOptions.RELEASE_FROM)),
                options.get(ScoringOptions.RELEASE_WINDOW),
                options.get(ScoringOptions.RELEASE_MESSAGES),
                decimal(options, ScoringOptions.RELEASE_EPSILON),
                decimal(options, ScoringOptions.RELEASE_BUDGET),
                require(options, ScoringOptions.RELEASE_SECRET));
    }

    private static BigDecimal decimal(Configuration options, ConfigOption<Double> option) {
        double value = require(options, option);
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("%s is %s but must be a finite number".formatted(option.key(), value));
        }
        return BigDecimal.valueOf(value);
    }

    private static Instant instant(String key, String value) {
        try {
            return Instant.parse(value);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "%s is '%s' but must be a time in UTC, such as 2026-03-01T00:00:00Z".formatted(key, value), e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new ConfigurationException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static Map<String, String> properties(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new ConfigurationException("cannot read " + file + ": " + e.getMessage(), e);
        }
        Map<String, String> map = new TreeMap<>();
        properties.stringPropertyNames().forEach(name -> map.put(name, properties.getProperty(name)));
        return map;
    }

    /** Where and what, without client properties: they may hold passwords. */
    @Override
    public String toString() {
        return "ScoringSettings[bootstrap=%s, task=%s, alerts=%s]"
                .formatted(bootstrap, rules.task().task(), alertDelivery);
    }
}
