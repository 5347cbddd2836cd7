package dev.sotto.aggregation;

import dev.sotto.connect.flink.KafkaFeed;
import dev.sotto.connect.flink.KafkaRecords;
import dev.sotto.connect.flink.KafkaSinks;
import dev.sotto.connect.flink.RawRecord;
import dev.sotto.contracts.EnvelopeSigner;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.WindowClosed;
import dev.sotto.federation.Trust;
import dev.sotto.secagg.IdentityKeyPair;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.core.execution.CheckpointType;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The deployed job on a Flink cluster in this JVM, with Kafka in full, checkpoints as deployed and nothing left out, reading a
 * round's topics from their beginning. It is measured up to the announcement that every slice of the sum is whole.
 */
final class BenchJob implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** As in {@code k8s/base/aggregation.yaml}. */
    private static final Duration CHECKPOINTS = Duration.ofSeconds(5);

    private final String bootstrap;
    private final Path directory;
    private final int parallelism;
    private final MiniCluster cluster;

    BenchJob(String bootstrap, Path directory, int parallelism) throws Exception {
        this.bootstrap = bootstrap;
        this.directory = directory;
        this.parallelism = parallelism;
        Configuration flink = new Configuration();
        flink.set(RestOptions.BIND_PORT, "0");
        cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(flink)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(parallelism)
                .build());
        cluster.start();
    }

    /** Reads a whole round and returns the speed. */
    Speed run(BenchRound round) throws Exception {
        Speed speed = new Speed(round.bytes());
        WatchedFeed.watch(speed);
        try (Running running = start(round)) {
            running.awaitArrivals(1);
            speed.begin();
            running.awaitWholeWindow(round);
            speed.end();
        }
        return speed;
    }

    /**
     * What a job takes whose window is open.
     *
     * @param state bytes of a checkpoint
     * @param heap bytes in use in this JVM after a collection, the Kafka clients' buffers and Flink included
     */
    record Memory(long state, long heap) {}

    /** Reads the uploads of a round whose window stays open and looks at what the job keeps then. */
    Memory memory(BenchRound round) throws Exception {
        Speed speed = new Speed(round.bytes());
        WatchedFeed.watch(speed);
        try (Running running = start(round)) {
            long end = System.nanoTime() + PATIENCE.toNanos();
            running.awaitArrivals(round.sites());
            speed.begin();
            while (!speed.readAll()) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException("not all chunks were read within " + PATIENCE);
                }
                Thread.onSpinWait();
            }
            long state = running.checkpoint();
            System.gc();
            return new Memory(
                    state,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
    }

    private Running start(BenchRound round) throws Exception {
        String id = "bench-" + UUID.randomUUID();
        Path checkpoints = Files.createDirectories(directory.resolve(id));
        Configuration flink = new Configuration();
        flink.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, CHECKPOINTS);
        flink.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(flink);
        env.setParallelism(parallelism);
        String identity = round.federation().identityFile().strip();
        new AggregationJob(
                        round.federation().task(),
                        round.federation().trust(),
                        new AggregationSources(
                                source(round, Topics.ROUNDS.name(), id),
                                new WatchedFeed.Opener(KafkaFeed.opener(
                                        bootstrap,
                                        round.topic(Topics.UPDATES.name()),
                                        Topics.UPDATES.partitions(),
                                        id,
                                        Map.of())),
                                source(round, Topics.MANIFESTS.name(), id),
                                source(round, Topics.UNMASK.name(), id)),
                        new AggregationSinks(
                                KafkaSinks.exactlyOnce(bootstrap, Topics.ARRIVALS, id + "-arrivals", Map.of()),
                                KafkaSinks.exactlyOnce(bootstrap, Topics.MODELS, id + "-models", Map.of()),
                                KafkaSinks.deadLetters(bootstrap, Map.of())),
                        new AggregationCollaborators(
                                () -> new EnvelopeSigner(
                                        Trust.AGGREGATION,
                                        IdentityKeyPair.fromPkcs8(
                                                Base64.getDecoder().decode(identity))),
                                Expected::silence,
                                new StoreAt(URI.create("file:///nowhere"))),
                        WindowTiming.DEFAULT)
                .define(env);
        Running running = new Running(round, checkpoints);
        running.job = cluster.submitJob(env.getStreamGraph()).get().getJobID();
        return running;
    }

    private Source<RawRecord, ?, ?> source(BenchRound round, String topic, String group) {
        return KafkaRecords.source(bootstrap, round.topic(topic), group, Map.of());
    }

    @Override
    public void close() throws Exception {
        cluster.close();
    }

    /** A job under way and what it says, which is seen before its transaction is committed. */
    private final class Running implements AutoCloseable {
        private final BenchRound round;
        private final Path checkpoints;
        private final KafkaConsumer<byte[], byte[]> arrivals;
        private JobID job;

        Running(BenchRound round, Path checkpoints) {
            this.round = round;
            this.checkpoints = checkpoints;
            arrivals = new KafkaConsumer<>(
                    Map.of("bootstrap.servers", bootstrap), new ByteArrayDeserializer(), new ByteArrayDeserializer());
            List<TopicPartition> partitions = arrivals.partitionsFor(Topics.ARRIVALS.name()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            arrivals.assign(partitions);
            arrivals.seekToEnd(partitions);
            partitions.forEach(arrivals::position);
        }

        void awaitWholeWindow(BenchRound of) throws Exception {
            SignedRecord last = await(Kind.WINDOW_CLOSED, 1);
            WindowClosed closed = last.payload(WindowClosed.class);
            if (closed.getSurvivors().size() != of.sites()
                    || !closed.getIncomplete().isEmpty()) {
                throw new IllegalStateException("the sum is not whole: " + closed.getIncomplete());
            }
        }

        void awaitArrivals(int count) throws Exception {
            await(Kind.ARRIVAL, count);
        }

        private SignedRecord await(Kind kind, int count) throws Exception {
            long end = System.nanoTime() + PATIENCE.toNanos();
            int seen = 0;
            while (System.nanoTime() < end) {
                for (ConsumerRecord<byte[], byte[]> record : arrivals.poll(Duration.ofMillis(50))) {
                    SignedRecord signed = round.federation().open(record.value());
                    if (signed.kind() == kind && ++seen == count) {
                        return signed;
                    }
                }
                if (cluster.getJobStatus(job).get() == JobStatus.FAILED) {
                    throw new IllegalStateException("the job failed");
                }
            }
            throw new IllegalStateException("no " + kind + " within " + PATIENCE);
        }

        long checkpoint() throws Exception {
            long number = cluster.triggerCheckpoint(job, CheckpointType.FULL).get();
            Path whole = checkpoints.resolve(job.toString()).resolve("chk-" + number);
            try (Stream<Path> files = Files.list(whole)) {
                return files.mapToLong(BenchJob::size).sum();
            }
        }

        @Override
        public void close() throws Exception {
            cluster.cancelJob(job).get();
            while (!cluster.getJobStatus(job).get().isGloballyTerminalState()) {
                arrivals.poll(Duration.ofMillis(10));
            }
            arrivals.close();
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new IllegalStateException("cannot see the size of " + file, e);
        }
    }
}
