package dev.sotto.scoring;

import static org.apache.flink.configuration.ConfigOptions.key;

import dev.sotto.bert.Variant;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.connector.base.DeliveryGuarantee;

/** The options of the scoring job, each with its key, default and meaning. */
public final class ScoringOptions {
    public static final ConfigOption<String> BOOTSTRAP = key("scoring.kafka.bootstrap")
            .stringType()
            .noDefaultValue()
            .withDescription("Kafka's bootstrap servers, host:port separated by commas.");

    public static final ConfigOption<String> KAFKA_PROPERTIES = key("scoring.kafka.properties-file")
            .stringType()
            .noDefaultValue()
            .withDescription("A file of more client properties, for example security.");

    public static final ConfigOption<DeliveryGuarantee> ALERTS = key("scoring.alert.delivery")
            .enumType(DeliveryGuarantee.class)
            .defaultValue(DeliveryGuarantee.AT_LEAST_ONCE)
            .withDescription(
                    "AT_LEAST_ONCE (at once; a replay has the same ids) or EXACTLY_ONCE (with the checkpoint).");

    public static final ConfigOption<String> TASK = key("scoring.task.file")
            .stringType()
            .noDefaultValue()
            .withDescription("The task definition whose models serve.");

    public static final ConfigOption<String> TRUST = key("scoring.trust.file")
            .stringType()
            .noDefaultValue()
            .withDescription("The trust file with the keys of aggregation and operator.");

    public static final ConfigOption<String> MODELS = key("scoring.model.store")
            .stringType()
            .noDefaultValue()
            .withDescription("The model store's root, a URI such as file:///var/models.");

    public static final ConfigOption<Variant> VARIANT = key("scoring.model.variant")
            .enumType(Variant.class)
            .defaultValue(Variant.FP32)
            .withDescription(
                    "The arithmetic models serve in: FP32, BF16 or INT8; any but FP32 only if it is right nearly as often, see the next.");

    public static final ConfigOption<String> VALIDATION = key("scoring.model.validation-file")
            .stringType()
            .noDefaultValue()
            .withDescription(
                    "JSON Lines of 200 to 2000 labelled texts without personal data: a model serves in BF16 or INT8 if on them it is right at most half a point less often than in FP32, else in FP32.");

    public static final ConfigOption<Duration> MODEL_RETRY = key("scoring.model.retry")
            .durationType()
            .defaultValue(Duration.ofSeconds(30))
            .withDescription("How long to wait before an accepted model that could not be fetched is tried again.");

    public static final ConfigOption<String> POLICY = key("scoring.anonymization.policy-file")
            .stringType()
            .noDefaultValue()
            .withDescription("The anonymization policy; without it the built-in one.");

    public static final ConfigOption<String> HASH_KEY = key("scoring.anonymization.key-file")
            .stringType()
            .noDefaultValue()
            .withDescription("A file of at least 32 bytes, readable on every task manager: the key of pseudonyms.");

    public static final ConfigOption<Integer> TEXT_LIMIT = key("scoring.text.max-characters")
            .intType()
            .defaultValue(8192)
            .withDescription("UTF-16 units a text may have; a longer one becomes a dead letter.");

    public static final ConfigOption<Duration> CLOCK_SKEW = key("scoring.text.clock-skew")
            .durationType()
            .defaultValue(Duration.ofMinutes(5))
            .withDescription("How far a message's time may lie after its record's timestamp.");

    public static final ConfigOption<Duration> OUT_OF_ORDER = key("scoring.text.out-of-order")
            .durationType()
            .defaultValue(Duration.ofSeconds(30))
            .withDescription("How far event times may be out of order before surges miss them.");

    public static final ConfigOption<Duration> IDLE = key("scoring.text.idle-after")
            .durationType()
            .defaultValue(Duration.ofMinutes(1))
            .withDescription("After this silence a partition no longer holds event time back.");

    public static final ConfigOption<Integer> BATCH = key("scoring.batch.size")
            .intType()
            .defaultValue(32)
            .withDescription("Messages that are scored together at most.");

    public static final ConfigOption<Duration> BATCH_DELAY = key("scoring.batch.delay")
            .durationType()
            .defaultValue(Duration.ofMillis(50))
            .withDescription("How long a message waits for others at most.");

    public static final ConfigOption<Integer> WAITING = key("scoring.first-model.waiting")
            .intType()
            .defaultValue(10_000)
            .withDescription(
                    "Messages a subtask keeps in its state until the first model is there; then it slows down.");

    public static final ConfigOption<Duration> WAITING_PAUSE = key("scoring.first-model.pause")
            .durationType()
            .defaultValue(Duration.ofSeconds(1))
            .withDescription("Beyond that number, the time between two messages.");

    public static final ConfigOption<String> HEAD = key("scoring.head")
            .stringType()
            .noDefaultValue()
            .withDescription("The head that judges messages, one of the task's of kind text; its first if left out.");

    public static final ConfigOption<String> LABEL = key("scoring.alert.label")
            .stringType()
            .defaultValue("negative")
            .withDescription("The class that alerts are about; one of the head's labels.");

    public static final ConfigOption<Double> THRESHOLD = key("scoring.alert.threshold")
            .doubleType()
            .defaultValue(0.8)
            .withDescription("A message alert is raised from this probability of the class on.");

    public static final ConfigOption<Double> CRITICAL = key("scoring.alert.critical")
            .doubleType()
            .defaultValue(0.95)
            .withDescription("From this probability on its severity is critical, below it warning.");

    public static final ConfigOption<Integer> EXPLAIN_WORDS = key("scoring.explanation.max-words")
            .intType()
            .defaultValue(24)
            .withDescription("Scorings one explanation may cost; a text of more words is explained in runs of words.");

    public static final ConfigOption<Integer> EXPLAIN_TOP =
            key("scoring.explanation.top").intType().defaultValue(5).withDescription("Words an explanation names.");

    public static final ConfigOption<Integer> EXPLAIN_PER_BATCH = key("scoring.explanation.per-batch")
            .intType()
            .defaultValue(8)
            .withDescription("Alerts of a batch that are explained, the most probable first; the others carry none.");

    public static final ConfigOption<Duration> SURGE_WINDOW = key("scoring.surge.window")
            .durationType()
            .defaultValue(Duration.ofMinutes(10))
            .withDescription("The event time a surge test looks back on; a multiple of the slide.");

    public static final ConfigOption<Duration> SURGE_SLIDE = key("scoring.surge.slide")
            .durationType()
            .defaultValue(Duration.ofMinutes(1))
            .withDescription("The event time between two tests.");

    public static final ConfigOption<Double> SURGE_ALPHA = key("scoring.surge.alpha")
            .doubleType()
            .defaultValue(1e-4)
            .withDescription("A surge begins when so many negatives would be less likely than this.");

    public static final ConfigOption<Double> SURGE_CALM = key("scoring.surge.calm")
            .doubleType()
            .defaultValue(0.05)
            .withDescription("A test is calm when its tail probability is above this.");

    public static final ConfigOption<Integer> SURGE_CALM_TESTS = key("scoring.surge.calm-tests")
            .intType()
            .defaultValue(2)
            .withDescription("Calm tests in a row that end a surge.");

    public static final ConfigOption<Integer> SURGE_LEAST = key("scoring.surge.least-negatives")
            .intType()
            .defaultValue(5)
            .withDescription("Negatives a window needs before it can begin a surge.");

    public static final ConfigOption<Integer> SURGE_WARM_UP = key("scoring.surge.warm-up")
            .intType()
            .defaultValue(50)
            .withDescription("Messages the baseline needs before anything can begin a surge.");

    public static final ConfigOption<Duration> SURGE_HALF_LIFE = key("scoring.surge.half-life")
            .durationType()
            .defaultValue(Duration.ofHours(6))
            .withDescription("The event time after which the baseline counts a message half.");

    public static final ConfigOption<Double> RELEASE_EPSILON = key("scoring.release.epsilon")
            .doubleType()
            .noDefaultValue()
            .withDescription("Epsilon of one window's counts; without it nothing is released.");

    public static final ConfigOption<Double> RELEASE_BUDGET = key("scoring.release.budget")
            .doubleType()
            .noDefaultValue()
            .withDescription("What the epsilons of all windows may add up to; then releases end. Needed for releases.");

    public static final ConfigOption<List<String>> RELEASE_TOPICS = key("scoring.release.topics")
            .stringType()
            .asList()
            .noDefaultValue()
            .withDescription("The subjects that are counted, separated by semicolons. Needed for releases.");

    public static final ConfigOption<String> RELEASE_FROM = key("scoring.release.from")
            .stringType()
            .noDefaultValue()
            .withDescription("When the first window starts, ISO 8601 in UTC. Needed for releases.");

    public static final ConfigOption<Duration> RELEASE_WINDOW = key("scoring.release.window")
            .durationType()
            .defaultValue(Duration.ofHours(1))
            .withDescription("The event time of one release.");

    public static final ConfigOption<Integer> RELEASE_MESSAGES = key("scoring.release.messages")
            .intType()
            .defaultValue(3)
            .withDescription("The most messages of one conversation that count in a window: the sensitivity.");

    public static final ConfigOption<String> RELEASE_SECRET = key("scoring.release.secret-file")
            .stringType()
            .noDefaultValue()
            .withDescription("At least 32 random bytes, the secret of the noise; readable on every task manager."
                    + " Needed for releases.");

    private static final List<ConfigOption<?>> RELEASE = List.of(
            RELEASE_EPSILON,
            RELEASE_BUDGET,
            RELEASE_TOPICS,
            RELEASE_FROM,
            RELEASE_WINDOW,
            RELEASE_MESSAGES,
            RELEASE_SECRET);

    private ScoringOptions() {}

    /** Those of releases; they mean nothing without an epsilon. */
    static List<ConfigOption<?>> release() {
        return RELEASE;
    }

    /** Every option. */
    public static List<ConfigOption<?>> all() {
        return List.of(
                BOOTSTRAP,
                KAFKA_PROPERTIES,
                ALERTS,
                TASK,
                TRUST,
                MODELS,
                VARIANT,
                VALIDATION,
                MODEL_RETRY,
                POLICY,
                HASH_KEY,
                TEXT_LIMIT,
                CLOCK_SKEW,
                OUT_OF_ORDER,
                IDLE,
                BATCH,
                BATCH_DELAY,
                WAITING,
                WAITING_PAUSE,
                HEAD,
                LABEL,
                THRESHOLD,
                CRITICAL,
                EXPLAIN_WORDS,
                EXPLAIN_TOP,
                EXPLAIN_PER_BATCH,
                SURGE_WINDOW,
                SURGE_SLIDE,
                SURGE_ALPHA,
                SURGE_CALM,
                SURGE_CALM_TESTS,
                SURGE_LEAST,
                SURGE_WARM_UP,
                SURGE_HALF_LIFE,
                RELEASE_EPSILON,
                RELEASE_BUDGET,
                RELEASE_TOPICS,
                RELEASE_FROM,
                RELEASE_WINDOW,
                RELEASE_MESSAGES,
                RELEASE_SECRET);
    }
}
