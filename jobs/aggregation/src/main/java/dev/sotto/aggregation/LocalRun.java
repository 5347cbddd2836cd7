package dev.sotto.aggregation;

import dev.sotto.connect.flink.JobOptions;
import dev.sotto.connect.flink.RetainedCheckpoints;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The environment of a run in a JVM of its own: it goes on from the newest checkpoint that an earlier run left. */
final class LocalRun {
    private static final Logger LOG = LoggerFactory.getLogger(LocalRun.class);

    private LocalRun() {}

    static StreamExecutionEnvironment environment(Configuration options) throws IOException {
        Path checkpoints = Path.of(JobOptions.require(options, AggregationOptions.CHECKPOINTS))
                .toAbsolutePath();
        Configuration flink = new Configuration();
        flink.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, options.get(AggregationOptions.CHECKPOINT_INTERVAL));
        flink.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
        flink.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        Optional<Path> newest = RetainedCheckpoints.newest(checkpoints);
        newest.ifPresent(checkpoint -> flink.set(
                StateRecoveryOptions.SAVEPOINT_PATH, checkpoint.toUri().toString()));
        LOG.info("starting from {}", newest.map(Path::toString).orElse("the beginning: there is no checkpoint"));
        return StreamExecutionEnvironment.createLocalEnvironment(options.get(AggregationOptions.PARALLELISM), flink);
    }
}
