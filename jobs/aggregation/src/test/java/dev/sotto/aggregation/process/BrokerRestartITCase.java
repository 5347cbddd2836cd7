package dev.sotto.aggregation.process;

import dev.sotto.broker.BrokerProcess;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The broker is killed in the middle of uploads and comes back where it was; the model is the undisturbed one. */
class BrokerRestartITCase {
    private static final int BEGUN = 3;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    @Test
    void round_brokerKilledMidUpload_endsInTheUndisturbedModel() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(directory.resolve("kafka"));
                RemoteRound round = new RemoteRound(broker.bootstrap(), directory);
                ClusterProcesses cluster = ClusterProcesses.start(directory.resolve("flink"), 1)) {
            cluster.submit(2, round.arguments());
            round.open();
            round.site(0).upload(round.upload(0));
            round.awaitAccepted(1);
            List<ProducerRecord<byte[], byte[]>> patient = round.upload(1);
            List<ProducerRecord<byte[], byte[]>> impatient = round.upload(2);
            round.site(1).begin(patient.subList(0, BEGUN));
            round.site(2).begin(impatient.subList(0, BEGUN));

            broker.kill();
            broker.restart();

            // One goes on where it was; one lost patience, so its half is aborted and all of it comes again.
            round.site(1).finish(patient, BEGUN);
            round.site(2).restart();
            round.site(2).upload(impatient);
            round.site(3).upload(round.upload(3));
            round.awaitClosed();
            round.unmask();
            round.requireUndisturbedModel();
        }
    }
}
