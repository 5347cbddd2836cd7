package dev.sotto.aggregation.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.broker.BrokerProcess;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of real processes loses its task managers in the middle of a round; the model is the undisturbed one. */
class TaskManagerKillITCase {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    @Test
    void round_bothTaskManagersKilledInTurn_endsInTheUndisturbedModel() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(directory.resolve("kafka"));
                RemoteRound round = new RemoteRound(broker.bootstrap(), directory);
                ClusterProcesses cluster = ClusterProcesses.start(directory.resolve("flink"), 2)) {
            String job = cluster.submit(2, round.arguments());
            assertThat(cluster.rest().busySlots()).isEqualTo(Map.of("tm-1", 1, "tm-2", 1));
            round.open();
            round.site(0).upload(round.upload(0));
            round.site(1).upload(round.upload(1));
            round.awaitAccepted(2);

            // The one that remains has room for the whole job.
            cluster.kill("tm-1");
            round.site(2).upload(round.upload(2));
            round.site(3).upload(round.upload(3));
            round.awaitClosed();
            assertThat(cluster.rest().busySlots()).containsEntry("tm-2", 2);
            int restarts = cluster.rest().restarts(job);
            assertThat(restarts).isPositive();

            // The window is closed, the masks are still on; now nothing of the first two remains.
            cluster.add("tm-3");
            cluster.kill("tm-2");
            round.unmask();
            round.requireUndisturbedModel();
            assertThat(cluster.rest().restarts(job)).isGreaterThan(restarts);
        }
    }
}
