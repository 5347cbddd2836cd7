package dev.sotto.aggregation;

import dev.sotto.connect.flink.KafkaFeed;
import dev.sotto.connect.flink.KafkaRecords;
import dev.sotto.connect.flink.KafkaSinks;
import dev.sotto.connect.flink.RawRecord;
import dev.sotto.contracts.EnvelopeSigner;
import dev.sotto.contracts.TopicSpec;
import dev.sotto.contracts.Topics;
import dev.sotto.federation.Trust;
import dev.sotto.secagg.IdentityKeyPair;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The job on a MiniCluster in this JVM, with Kafka in full and no noise, so that the sum itself can be compared. */
final class LocalJob implements AutoCloseable {
    static final WindowTiming TIMING = new WindowTiming(
            Duration.ofSeconds(2), Duration.ofMinutes(10), Duration.ofSeconds(3), Duration.ofMillis(500));

    private final JobClient job;
    private boolean stopped;

    private LocalJob(JobClient job) {
        this.job = job;
    }

    static LocalJob start(TestFederation federation, String bootstrap, URI store, Path checkpoints) throws Exception {
        return start(federation, bootstrap, store, checkpoints, 2, null);
    }

    /** Starts with so many subtasks of everything, from a savepoint if there is one. */
    static LocalJob start(
            TestFederation federation, String bootstrap, URI store, Path checkpoints, int parallelism, String savepoint)
            throws Exception {
        Configuration flink = new Configuration();
        flink.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(300));
        flink.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
        if (savepoint != null) {
            flink.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        }
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(parallelism, flink);
        String identity = federation.identityFile().strip();
        new AggregationJob(
                        federation.task(),
                        federation.trust(),
                        new AggregationSources(
                                source(bootstrap, Topics.ROUNDS),
                                KafkaFeed.opener(
                                        bootstrap,
                                        Topics.UPDATES.name(),
                                        Topics.UPDATES.partitions(),
                                        "sotto-aggregation",
                                        Map.of()),
                                source(bootstrap, Topics.MANIFESTS),
                                source(bootstrap, Topics.UNMASK)),
                        new AggregationSinks(
                                KafkaSinks.exactlyOnce(bootstrap, Topics.ARRIVALS, "sotto-aggregation-a", Map.of()),
                                KafkaSinks.exactlyOnce(bootstrap, Topics.MODELS, "sotto-aggregation-m", Map.of()),
                                KafkaSinks.deadLetters(bootstrap, Map.of())),
                        new AggregationCollaborators(
                                () -> new EnvelopeSigner(
                                        Trust.AGGREGATION,
                                        IdentityKeyPair.fromPkcs8(
                                                Base64.getDecoder().decode(identity))),
                                Expected::silence,
                                new StoreAt(store)),
                        TIMING)
                .define(env);
        return new LocalJob(env.executeAsync("aggregation"));
    }

    private static Source<RawRecord, ?, ?> source(String bootstrap, TopicSpec topic) {
        return KafkaRecords.source(bootstrap, topic.name(), "sotto-aggregation", Map.of());
    }

    /** Stops with a savepoint and says where it lies. */
    String stop(Path directory) throws Exception {
        stopped = true;
        return job.stopWithSavepoint(false, directory.toUri().toString(), SavepointFormatType.CANONICAL)
                .get();
    }

    @Override
    public void close() throws Exception {
        if (!stopped) {
            job.cancel().get();
        }
    }
}
