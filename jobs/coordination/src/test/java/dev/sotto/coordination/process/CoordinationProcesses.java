package dev.sotto.coordination.process;

import dev.sotto.broker.EmbeddedBroker;
import dev.sotto.broker.Jvm;
import dev.sotto.broker.JvmProcess;
import dev.sotto.contracts.TopicAdmin;
import dev.sotto.contracts.TopicSpec;
import dev.sotto.coordination.fixture.Parties;
import dev.sotto.coordination.fixture.Play;
import dev.sotto.coordination.fixture.TopicTail;
import dev.sotto.coordination.runtime.ModuleYaml;
import dev.sotto.coordination.runtime.StatefunDistribution;
import dev.sotto.coordination.runtime.StatefunRuntime;
import dev.sotto.federation.IdentityFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;

/** Coordination as it is deployed: functions and runtime in a process each, beside a broker. Both can be killed. */
final class CoordinationProcesses implements AutoCloseable {
    static final Duration LIMIT = Duration.ofSeconds(180);

    /** The test task with so much time that only what happens decides. */
    static final String TASK = Play.text().replaceAll("Seconds: \\d+", "Seconds: 900");

    private static final String HOST = "127.0.0.1";
    private static final Jvm JVM = Jvm.likeThis("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private final Path directory;
    private final Path config;
    private final EmbeddedBroker broker;
    private final KafkaProducer<byte[], byte[]> producer;
    private final StatefunRuntime runtime;
    private JvmProcess functions;

    private CoordinationProcesses(Path directory, Parties parties) throws IOException {
        this.directory = directory;
        broker = EmbeddedBroker.start(directory.resolve("broker"));
        int port = freePort();
        config = configuration(parties, port);
        runtime = new StatefunRuntime(
                StatefunDistribution.at(Path.of(System.getProperty("sotto.statefun.lib"))),
                ModuleYaml.render(bootstrap(), "http://%s:%d/functions".formatted(HOST, port), Map.of()),
                directory.resolve("statefun"),
                Path.of(System.getProperty("java.home")),
                Duration.ofMillis(500));
        producer = new KafkaProducer<>(client(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Starts everything; returns when the functions serve. Until the runtime works, records wait for it. */
    static CoordinationProcesses start(Path directory, Parties parties) throws Exception {
        CoordinationProcesses started = new CoordinationProcesses(directory, parties);
        try {
            try (Admin admin = Admin.create(started.client())) {
                new TopicAdmin(admin).createMissing((short) 1);
            }
            started.runtime.start();
            started.startFunctions();
        } catch (Exception e) {
            started.close();
            throw e;
        }
        return started;
    }

    private Path configuration(Parties parties, int port) throws IOException {
        Files.writeString(directory.resolve("task.yaml"), TASK);
        Files.writeString(directory.resolve("trust.yaml"), parties.trustYaml());
        IdentityFile.create(directory.resolve("coordination.key"), parties.coordination);
        return Files.writeString(
                directory.resolve("coordination.yaml"),
                """
                bootstrap: %s
                tasks: [task.yaml]
                trust: trust.yaml
                identity: coordination.key
                host: %s
                port: %d
                tickMillis: 1000
                kafka: {}
                """
                        .formatted(bootstrap(), HOST, port));
    }

    /** {@code sotto coordination serve}; returns when it serves. */
    void startFunctions() throws IOException, InterruptedException {
        functions = JVM.start(
                directory.resolve("serve.log"),
                CommandMain.class.getName(),
                List.of("serve", "--config", config.toString()));
        functions.awaitPrinted("serving functions at ", LIMIT);
    }

    /** SIGKILL to the functions. */
    void killFunctions() throws InterruptedException {
        functions.kill();
    }

    /** SIGKILL to the runtime. */
    void killRuntime() throws InterruptedException {
        runtime.kill();
    }

    /** Starts the runtime from its newest checkpoint. It writes none before the functions have answered it. */
    void startRuntime() throws IOException {
        runtime.start();
    }

    /** Waits until a checkpoint of the runtime covers all that lies in a topic now. */
    void awaitTaken(TopicSpec topic) throws Exception {
        try (Admin admin = Admin.create(client())) {
            Map<TopicPartition, Long> ends = ends(admin, topic);
            Awaitility.await("a checkpoint over " + ends)
                    .atMost(LIMIT)
                    .until(() -> committed(admin).entrySet().containsAll(ends.entrySet()));
        }
    }

    private static Map<TopicPartition, Long> ends(Admin admin, TopicSpec topic) throws Exception {
        List<TopicPartition> partitions = IntStream.range(0, topic.partitions())
                .mapToObj(partition -> new TopicPartition(topic.name(), partition))
                .toList();
        return admin
                .listOffsets(partitions.stream().collect(Collectors.toMap(each -> each, each -> OffsetSpec.latest())))
                .all()
                .get()
                .entrySet()
                .stream()
                .filter(end -> end.getValue().offset() > 0)
                .collect(Collectors.toMap(
                        Map.Entry::getKey, end -> end.getValue().offset()));
    }

    private static Map<TopicPartition, Long> committed(Admin admin) throws Exception {
        return admin
                .listConsumerGroupOffsets(ModuleYaml.GROUP)
                .partitionsToOffsetAndMetadata()
                .get()
                .entrySet()
                .stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, offset -> offset.getValue().offset()));
    }

    void send(TopicSpec topic, byte[] key, byte[] value) throws Exception {
        producer.send(new ProducerRecord<>(topic.name(), key, value)).get();
    }

    TopicTail tail(TopicSpec topic) {
        return new TopicTail(bootstrap(), topic.name());
    }

    /** The values committed in a topic by now. */
    List<byte[]> committed(String topic) {
        List<byte[]> values = new ArrayList<>();
        Map<String, Object> properties = Map.of("bootstrap.servers", bootstrap(), "isolation.level", "read_committed");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (!partitions.stream().allMatch(each -> consumer.position(each) >= ends.get(each))) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            }
        }
        return values;
    }

    Map<String, Object> client() {
        return Map.of("bootstrap.servers", bootstrap());
    }

    private String bootstrap() {
        return broker.bootstrap();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
        runtime.close();
        if (functions != null) {
            functions.close();
        }
        broker.close();
    }
}
