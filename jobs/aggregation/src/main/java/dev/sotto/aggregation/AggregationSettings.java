package dev.sotto.aggregation;

import dev.sotto.connect.flink.JobOptions;
import dev.sotto.connect.flink.KafkaProperties;
import dev.sotto.contracts.Topics;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * All that an aggregation job on Kafka is made of.
 *
 * @param task the task
 * @param trust whom the job believes
 * @param bootstrap Kafka's bootstrap servers
 * @param kafka more client properties, for example security; for sources and sinks
 * @param prefix the consumer group, and what transactional ids begin with; unique to the task, stable over restarts
 * @param identityFile the job's private key, where operators run
 * @param noiseSecretFile the noise's secret, where operators run; null where sites add the noise
 * @param modelStore the model store's root
 * @param updatePartitions partitions of the topic of chunks, as the broker has them
 * @param timing how long windows and sources wait
 */
public record AggregationSettings(
        TaskDefinition task,
        Trust trust,
        String bootstrap,
        Map<String, String> kafka,
        String prefix,
        Path identityFile,
        @Nullable Path noiseSecretFile,
        URI modelStore,
        int updatePartitions,
        WindowTiming timing) {
    public AggregationSettings {
        kafka = Map.copyOf(kafka);
    }

    /** Settings with the defaults for everything that has one, and a topic of chunks as the catalogue has it. */
    public static AggregationSettings of(
            TaskDefinition task,
            Trust trust,
            String bootstrap,
            Path identityFile,
            @Nullable Path noiseSecretFile,
            URI modelStore) {
        return new AggregationSettings(
                task,
                trust,
                bootstrap,
                Map.of(),
                defaultPrefix(task),
                identityFile,
                noiseSecretFile,
                modelStore,
                Topics.UPDATES.partitions(),
                WindowTiming.DEFAULT);
    }

    /** Reads {@link AggregationOptions}. */
    static AggregationSettings read(Configuration options) {
        TaskDefinition task = TaskDefinition.read(Path.of(JobOptions.require(options, AggregationOptions.TASK)));
        return new AggregationSettings(
                task,
                Trust.read(Path.of(JobOptions.require(options, AggregationOptions.TRUST))),
                JobOptions.require(options, AggregationOptions.BOOTSTRAP),
                kafka(options),
                options.getOptional(AggregationOptions.PREFIX).orElse(defaultPrefix(task)),
                Path.of(JobOptions.require(options, AggregationOptions.IDENTITY))
                        .toAbsolutePath(),
                options.getOptional(AggregationOptions.NOISE_SECRET)
                        .map(file -> Path.of(file).toAbsolutePath())
                        .orElse(null),
                URI.create(JobOptions.require(options, AggregationOptions.MODELS)),
                Topics.UPDATES.partitions(),
                new WindowTiming(
                        options.get(AggregationOptions.GRACE),
                        options.get(AggregationOptions.RETENTION),
                        options.get(AggregationOptions.MANIFESTS_IDLE),
                        options.get(AggregationOptions.UPDATES_IDLE)));
    }

    private static Map<String, String> kafka(Configuration options) {
        Map<String, String> properties = new TreeMap<>();
        options.getOptional(AggregationOptions.KAFKA_FILE)
                .ifPresent(file -> properties.putAll(KafkaProperties.read(Path.of(file))));
        properties.putAll(options.get(AggregationOptions.KAFKA));
        return properties;
    }

    /** The same with other timing. */
    public AggregationSettings withTiming(WindowTiming other) {
        return new AggregationSettings(
                task,
                trust,
                bootstrap,
                kafka,
                prefix,
                identityFile,
                noiseSecretFile,
                modelStore,
                updatePartitions,
                other);
    }

    /** The same with the partitions that the broker's topic of chunks has. */
    public AggregationSettings withUpdatePartitions(int partitions) {
        return new AggregationSettings(
                task, trust, bootstrap, kafka, prefix, identityFile, noiseSecretFile, modelStore, partitions, timing);
    }

    private static String defaultPrefix(TaskDefinition task) {
        return "sotto-aggregation-" + task.task();
    }

    /** Where and what, without client properties: they may hold passwords. */
    @Override
    public String toString() {
        return "AggregationSettings[bootstrap=%s, task=%s, prefix=%s]".formatted(bootstrap, task.task(), prefix);
    }
}
