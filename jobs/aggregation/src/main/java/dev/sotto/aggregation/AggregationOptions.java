package dev.sotto.aggregation;

import static org.apache.flink.configuration.ConfigOptions.key;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;

/** The options of the aggregation job, each with its key, default and meaning. */
public final class AggregationOptions {
    public static final ConfigOption<String> BOOTSTRAP = key("aggregation.kafka.bootstrap-servers")
            .stringType()
            .noDefaultValue()
            .withDescription("Kafka's bootstrap servers, host:port separated by commas.");

    public static final ConfigOption<Map<String, String>> KAFKA = key("aggregation.kafka.properties")
            .mapType()
            .defaultValue(Map.of())
            .withDescription("More client properties as key:value,key:value; they go before those of the file.");

    public static final ConfigOption<String> KAFKA_FILE = key("aggregation.kafka.properties-file")
            .stringType()
            .noDefaultValue()
            .withDescription("A file of more client properties, for example security.");

    public static final ConfigOption<String> PREFIX = key("aggregation.kafka.prefix")
            .stringType()
            .noDefaultValue()
            .withDescription(
                    "Consumer group and beginning of transactional ids; sotto-aggregation-<task> if not given.");

    public static final ConfigOption<String> TASK =
            key("aggregation.task.file").stringType().noDefaultValue().withDescription("The task definition.");

    public static final ConfigOption<String> TRUST = key("aggregation.trust.file")
            .stringType()
            .noDefaultValue()
            .withDescription("The trust file: the sites' keys and coordination's.");

    public static final ConfigOption<String> IDENTITY = key("aggregation.identity.file")
            .stringType()
            .noDefaultValue()
            .withDescription("The job's private key, one line of base64 of PKCS#8; readable on every task manager.");

    public static final ConfigOption<String> NOISE_SECRET = key("aggregation.noise.secret-file")
            .stringType()
            .noDefaultValue()
            .withDescription("At least 32 random bytes, the secret of the noise; readable on every task manager.");

    public static final ConfigOption<String> MODELS = key("aggregation.model.store")
            .stringType()
            .noDefaultValue()
            .withDescription("The model store's root, a URI.");

    public static final ConfigOption<Duration> GRACE = key("aggregation.window.grace")
            .durationType()
            .defaultValue(WindowTiming.DEFAULT.grace())
            .withDescription("How long a closed window waits for chunks of accepted uploads.");

    public static final ConfigOption<Duration> RETENTION = key("aggregation.window.retention")
            .durationType()
            .defaultValue(WindowTiming.DEFAULT.retention())
            .withDescription("How long an ended round is remembered, and how long records wait for a round to open.");

    public static final ConfigOption<Duration> MANIFESTS_IDLE = key("aggregation.manifests.idle-after")
            .durationType()
            .defaultValue(WindowTiming.DEFAULT.manifestsIdle())
            .withDescription("Silence after which a partition of manifests no longer holds event time back; longer than"
                    + " a site's transaction.");

    public static final ConfigOption<Duration> UPDATES_IDLE = key("aggregation.updates.idle-after")
            .durationType()
            .defaultValue(WindowTiming.DEFAULT.updatesIdle())
            .withDescription("Silence after which a partition of chunks no longer holds event time back.");

    public static final ConfigOption<Boolean> LOCAL = key("aggregation.local")
            .booleanType()
            .defaultValue(false)
            .withDescription("Run in this JVM, without a cluster.");

    public static final ConfigOption<String> CHECKPOINTS = key("aggregation.local.checkpoint-directory")
            .stringType()
            .noDefaultValue()
            .withDescription("Where a local run keeps checkpoints, and finds the newest one when it starts again.");

    public static final ConfigOption<Duration> CHECKPOINT_INTERVAL = key("aggregation.local.checkpoint-interval")
            .durationType()
            .defaultValue(Duration.ofSeconds(1))
            .withDescription("How often a local run checkpoints; outputs become visible that often.");

    public static final ConfigOption<Integer> PARALLELISM = key("aggregation.local.parallelism")
            .intType()
            .defaultValue(1)
            .withDescription("Subtasks of every operator in a local run.");

    private AggregationOptions() {}

    /** All of them; any other is refused. */
    public static List<ConfigOption<?>> all() {
        return List.of(
                BOOTSTRAP,
                KAFKA,
                KAFKA_FILE,
                PREFIX,
                TASK,
                TRUST,
                IDENTITY,
                NOISE_SECRET,
                MODELS,
                GRACE,
                RETENTION,
                MANIFESTS_IDLE,
                UPDATES_IDLE,
                LOCAL,
                CHECKPOINTS,
                CHECKPOINT_INTERVAL,
                PARALLELISM);
    }
}
