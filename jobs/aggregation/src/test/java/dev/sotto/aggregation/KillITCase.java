package dev.sotto.aggregation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.aggregation.process.JobFiles;
import dev.sotto.broker.Jvm;
import dev.sotto.broker.JvmProcess;
import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.ModelAnnounced;
import dev.sotto.contracts.avro.WindowClosed;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.LocalModelStore;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.privacy.CentralDiscreteGaussian;
import dev.sotto.privacy.NoiseSecret;
import dev.sotto.secagg.RoundId;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job in a process of its own, killed in the middle of a round, goes on to the bit-identical noised model. */
class KillITCase {
    @TempDir
    Path directory;

    @Test
    void job_killedTwiceInARound_releasesTheSameModelOnce() throws Exception {
        TestFederation federation = new TestFederation(4);
        TaskDefinition task = federation.task();
        RoundId round = federation.round(1);
        Checkpoint model = Checkpoint.initial(task, 7);
        URI location = new LocalModelStore(directory.resolve("models")).put(model);
        List<Upload> uploads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            uploads.add(federation.upload(TestFederation.site(i), 1, model.sha256(), i));
        }
        try (KafkaParties parties = new KafkaParties(directory.resolve("kafka"), federation)) {
            List<String> arguments = arguments(federation, parties.bootstrap());
            parties.transcript(federation.roundOpen(1, model, location, System.currentTimeMillis() + 600_000));
            try (JvmProcess first = start(arguments)) {
                uploads.subList(0, 2).forEach(upload -> parties.upload(round, upload));
                // Seen committed, so the checkpoint that covers the acceptance is complete.
                parties.awaitAll(Topics.ARRIVALS.name(), Kind.ARRIVAL, record -> true, 2);
                first.kill();
            }
            uploads.subList(2, 4).forEach(upload -> parties.upload(round, upload));
            try (JvmProcess second = start(arguments)) {
                parties.await(Topics.ARRIVALS.name(), Kind.WINDOW_CLOSED, record -> true);
                assertThat(second.printed()).contains("starting from " + directory.resolve("checkpoints"));
                parties.transcript(federation.survivors(1, uploads));
                parties.unmask(round, federation.seeds(1, model.sha256(), uploads));
                second.kill();
            }
            try (JvmProcess third = start(arguments)) {
                ModelAnnounced announced = AggregationJobITCase.model(parties, 1);
                requireExpected(announced, Expected.of(task, 1, model, uploads, noise(task)));
                third.kill();
            }
            assertThat(parties.count(Topics.ARRIVALS.name(), Kind.ARRIVAL)).isEqualTo(4);
            assertThat(parties.count(Topics.ARRIVALS.name(), Kind.WINDOW_CLOSED))
                    .isEqualTo(1);
            assertThat(parties.count(Topics.MODELS.name(), Kind.MODEL)).isEqualTo(1);
            WindowClosed closed = AggregationJobITCase.closed(parties, 1);
            assertThat(closed.getSurvivors()).hasSize(4);
        }
    }

    private void requireExpected(ModelAnnounced announced, Expected expected) throws Exception {
        assertThat(AvroCodec.bytes(announced.getAggregateHash())).isEqualTo(expected.aggregateHash());
        assertThat(AvroCodec.bytes(announced.getSha256()))
                .isEqualTo(expected.checkpoint().sha256());
        Checkpoint stored = new LocalModelStore(directory)
                .get(URI.create(announced.getLocation()), expected.checkpoint().sha256());
        assertThat(stored.manifestFile()).isEqualTo(expected.checkpoint().manifestFile());
    }

    private CentralDiscreteGaussian noise(TaskDefinition task) throws Exception {
        return CentralDiscreteGaussian.create(NoiseSecret.read(directory.resolve("noise.secret")), task.sigma());
    }

    private List<String> arguments(TestFederation federation, String bootstrap) throws Exception {
        List<String> arguments = new ArrayList<>(
                new JobFiles(directory, federation.trust(), federation.identityFile()).arguments(bootstrap));
        arguments.addAll(List.of(
                "--aggregation.local",
                "true",
                "--aggregation.local.checkpoint-directory",
                directory.resolve("checkpoints").toString(),
                "--aggregation.local.checkpoint-interval",
                "500ms"));
        return arguments;
    }

    /** The job as the launcher starts it. */
    private JvmProcess start(List<String> arguments) throws Exception {
        return Jvm.likeThis("@" + JobFiles.jvmOptions(), "-Xmx512m", "-XX:TieredStopAtLevel=1")
                .start(directory.resolve("job.log"), AggregationMain.class.getName(), arguments);
    }
}
