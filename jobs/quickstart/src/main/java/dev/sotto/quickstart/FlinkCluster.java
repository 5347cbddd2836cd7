package dev.sotto.quickstart;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** A Flink cluster inside this JVM, with its web UI on the loopback interface; both jobs are submitted over REST. */
final class FlinkCluster implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final int SLOTS = 2;
    private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(1);

    private final MiniCluster cluster;
    private final Path checkpoints;
    private final URI ui;

    private FlinkCluster(MiniCluster cluster, Path checkpoints, URI ui) {
        this.cluster = cluster;
        this.checkpoints = checkpoints;
        this.ui = ui;
    }

    /** Starts the cluster; returns when it takes jobs. */
    static FlinkCluster start(Path checkpoints, int port) throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(RestOptions.ADDRESS, HOST);
        configuration.set(RestOptions.BIND_ADDRESS, HOST);
        configuration.set(RestOptions.BIND_PORT, Integer.toString(port));
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(64));
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(64));
        configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(32));
        MiniCluster cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(SLOTS)
                .build());
        cluster.start();
        return new FlinkCluster(cluster, checkpoints, cluster.getRestAddress().get());
    }

    /** An environment whose job runs on this cluster, with one task slot and a checkpoint every second. */
    StreamExecutionEnvironment environment(String job) {
        Configuration configuration = new Configuration();
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                checkpoints.resolve(job).toUri().toString());
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createRemoteEnvironment(HOST, ui.getPort(), configuration);
        environment.setParallelism(1);
        environment.enableCheckpointing(CHECKPOINT_INTERVAL.toMillis(), CheckpointingMode.EXACTLY_ONCE);
        return environment;
    }

    /** The web UI. */
    URI ui() {
        return ui;
    }

    @Override
    public void close() throws Exception {
        cluster.close();
    }
}
