package dev.sotto.aggregation;

import dev.sotto.connect.flink.JobOptions;
import dev.sotto.connect.flink.KafkaFeed;
import dev.sotto.connect.flink.KafkaRecords;
import dev.sotto.connect.flink.KafkaSinks;
import dev.sotto.connect.flink.RawRecord;
import dev.sotto.contracts.TopicSpec;
import dev.sotto.contracts.Topics;
import dev.sotto.federation.ConfigurationException;
import dev.sotto.privacy.ReleaseNoise;
import java.nio.file.Path;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Runs the aggregation job on Kafka: {@code --key value} for every option of {@link AggregationOptions}. */
public final class AggregationMain {
    private AggregationMain() {}

    /** Runs until it is cancelled. */
    public static void main(String[] args) throws Exception {
        Configuration options = JobOptions.parse(args, AggregationOptions.all());
        AggregationSettings read = AggregationSettings.read(options);
        AggregationSettings settings = read.withUpdatePartitions(
                KafkaRecords.partitions(read.bootstrap(), Topics.UPDATES.name(), read.kafka()));
        StreamExecutionEnvironment env = options.get(AggregationOptions.LOCAL)
                ? LocalRun.environment(options)
                : StreamExecutionEnvironment.getExecutionEnvironment();
        define(env, settings);
        env.execute("sotto aggregation of " + settings.task().task());
    }

    /**
     * Adds the job to an environment that has checkpoints enabled.
     *
     * @throws IllegalArgumentException if it has not: nothing the job writes would ever become visible
     */
    public static void define(StreamExecutionEnvironment env, AggregationSettings settings) {
        if (!env.getCheckpointConfig().isCheckpointingEnabled()) {
            throw new IllegalArgumentException("checkpoints are off, so nothing this job writes would ever become"
                    + " visible; set execution.checkpointing.interval");
        }
        define(env, settings, sinks(settings), collaborators(settings));
    }

    static void define(
            StreamExecutionEnvironment env,
            AggregationSettings settings,
            AggregationSinks sinks,
            AggregationCollaborators collaborators) {
        new AggregationJob(
                        settings.task(),
                        settings.trust(),
                        new AggregationSources(
                                source(settings, Topics.ROUNDS),
                                KafkaFeed.opener(
                                        settings.bootstrap(),
                                        Topics.UPDATES.name(),
                                        settings.updatePartitions(),
                                        settings.prefix(),
                                        settings.kafka()),
                                source(settings, Topics.MANIFESTS),
                                source(settings, Topics.UNMASK)),
                        sinks,
                        collaborators,
                        settings.timing())
                .define(env);
    }

    static AggregationCollaborators collaborators(AggregationSettings settings) {
        return new AggregationCollaborators(
                new MountedSigner(settings.identityFile().toString()),
                noise(settings),
                new StoreAt(settings.modelStore()));
    }

    private static Opener<ReleaseNoise> noise(AggregationSettings settings) {
        Path secret = settings.noiseSecretFile();
        if (!settings.task().privacy().central()) {
            return new SitesNoise();
        }
        if (secret == null) {
            throw new ConfigurationException("task %s has its noise added by this job, which takes a secret; set %s"
                    .formatted(settings.task().task(), AggregationOptions.NOISE_SECRET.key()));
        }
        return new MountedNoise(secret.toString(), settings.task().sigma());
    }

    private static Source<RawRecord, ?, ?> source(AggregationSettings settings, TopicSpec topic) {
        return KafkaRecords.source(settings.bootstrap(), topic.name(), settings.prefix(), settings.kafka());
    }

    static AggregationSinks sinks(AggregationSettings settings) {
        return new AggregationSinks(
                KafkaSinks.exactlyOnce(
                        settings.bootstrap(), Topics.ARRIVALS, settings.prefix() + "-arrivals", settings.kafka()),
                KafkaSinks.exactlyOnce(
                        settings.bootstrap(), Topics.MODELS, settings.prefix() + "-models", settings.kafka()),
                KafkaSinks.deadLetters(settings.bootstrap(), settings.kafka()));
    }
}
