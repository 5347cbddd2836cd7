package dev.sotto.aggregation.process;

import dev.sotto.aggregation.AggregationMain;
import dev.sotto.broker.Jvm;
import dev.sotto.broker.JvmProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Flink session cluster without containers: a JobManager and task managers, each a JVM of its own with Flink's own entry
 * point, on a configuration directory as operators write it. Task managers can be killed and added.
 */
final class ClusterProcesses implements AutoCloseable {
    static final int SLOTS = 2;

    private static final String HOST = "127.0.0.1";
    private static final Duration LIMIT = Duration.ofSeconds(180);
    private static final Pattern SUBMITTED = Pattern.compile("submitted with JobID ([0-9a-f]{32})");

    private static final String LOGGING =
            """
            rootLogger.level = info
            rootLogger.appenderRef.console.ref = console
            appender.console.type = Console
            appender.console.name = console
            appender.console.layout.type = PatternLayout
            appender.console.layout.pattern = %d{HH:mm:ss.SSS} %-5level %c{1} - %msg%n
            logger.kafka.name = org.apache.kafka
            logger.kafka.level = warn
            logger.metrics.name = org.apache.flink.metrics.MetricGroup
            logger.metrics.level = error
            """;

    private final Path directory;
    private final JobJar job;
    private final Jvm jvm;
    private final int restPort = freePort();
    private final FlinkRest rest = new FlinkRest("http://%s:%d".formatted(HOST, restPort));
    private final JvmProcess jobManager;
    private final Map<String, JvmProcess> taskManagers = new TreeMap<>();

    private ClusterProcesses(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory.toAbsolutePath());
        this.job = JobJar.in(directory);
        Path conf = Files.createDirectories(directory.resolve("conf"));
        Files.writeString(conf.resolve("config.yaml"), configuration());
        Path logging = Files.writeString(conf.resolve("log4j2.properties"), LOGGING);
        this.jvm = new Jvm(
                job.clusterClassPath(),
                List.of(
                        "@" + JobFiles.jvmOptions(),
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dlog4j2.configurationFile=" + logging),
                Map.of("FLINK_CONF_DIR", conf.toString()));
        this.jobManager = jvm.start(
                directory.resolve("jobmanager.log"),
                "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
                List.of("--configDir", conf.toString()));
    }

    /** Starts a JobManager and task managers {@code tm-1}, {@code tm-2} and so on; returns when all are registered. */
    static ClusterProcesses start(Path directory, int taskManagers) throws IOException, InterruptedException {
        ClusterProcesses cluster = new ClusterProcesses(directory);
        try {
            for (int i = 1; i <= taskManagers; i++) {
                cluster.launch("tm-" + i);
            }
            for (String id : cluster.taskManagers.keySet()) {
                cluster.awaitRegistered(id);
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    private void launch(String id) throws IOException {
        taskManagers.put(
                id,
                jvm.start(
                        directory.resolve(id + ".log"),
                        "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
                        List.of(
                                "--configDir",
                                directory.resolve("conf").toString(),
                                "-Dtaskmanager.resource-id=" + id)));
    }

    private void awaitRegistered(String id) throws IOException, InterruptedException {
        taskManagers.get(id).await(id + " is registered", () -> rest.busySlots().containsKey(id), LIMIT);
    }

    /** Adds a task manager; returns when it is registered. */
    void add(String id) throws IOException, InterruptedException {
        launch(id);
        awaitRegistered(id);
    }

    /** SIGKILL to a task manager. */
    void kill(String id) throws InterruptedException {
        taskManagers.remove(id).kill();
    }

    /**
     * Submits the aggregation job with Flink's command line; returns its id when all its tasks run.
     *
     * @param arguments the job's options
     */
    String submit(int parallelism, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("run", "--detached", "-p", Integer.toString(parallelism)));
        command.addAll(List.of("-c", AggregationMain.class.getName(), job.jar().toString()));
        command.addAll(arguments);
        try (JvmProcess client =
                jvm.start(directory.resolve("client.log"), "org.apache.flink.client.cli.CliFrontend", command)) {
            client.awaitSuccess(LIMIT);
            Matcher submitted = SUBMITTED.matcher(client.printed());
            if (!submitted.find()) {
                throw new IOException("no job id in what the client printed:\n" + client.printed());
            }
            awaitRunning(submitted.group(1));
            return submitted.group(1);
        }
    }

    void awaitRunning(String id) throws IOException, InterruptedException {
        jobManager.await("every task of %s runs".formatted(id), () -> rest.isRunning(id), LIMIT);
    }

    FlinkRest rest() {
        return rest;
    }

    private String configuration() throws IOException {
        Map<String, String> options = new TreeMap<>();
        options.put("jobmanager.rpc.address", HOST);
        options.put("jobmanager.rpc.port", Integer.toString(freePort()));
        options.put("jobmanager.bind-host", HOST);
        options.put("rest.address", HOST);
        options.put("rest.bind-address", HOST);
        options.put("rest.port", Integer.toString(restPort));
        options.put("taskmanager.host", HOST);
        options.put("taskmanager.bind-host", HOST);
        options.put("taskmanager.numberOfTaskSlots", Integer.toString(SLOTS));
        // So that every task manager has a part of the job.
        options.put("taskmanager.load-balance.mode", "SLOTS");
        options.put("taskmanager.cpu.cores", "2");
        options.put("taskmanager.memory.task.heap.size", "256m");
        options.put("taskmanager.memory.task.off-heap.size", "0m");
        options.put("taskmanager.memory.framework.heap.size", "128m");
        options.put("taskmanager.memory.framework.off-heap.size", "128m");
        options.put("taskmanager.memory.network.min", "64m");
        options.put("taskmanager.memory.network.max", "64m");
        options.put("taskmanager.memory.managed.size", "32m");
        options.put("taskmanager.memory.jvm-metaspace.size", "256m");
        options.put("taskmanager.memory.jvm-overhead.min", "64m");
        options.put("taskmanager.memory.jvm-overhead.max", "64m");
        options.put("execution.checkpointing.interval", "500ms");
        options.put(
                "execution.checkpointing.dir",
                directory.resolve("checkpoints").toUri().toString());
        options.put("restart-strategy.type", "fixed-delay");
        options.put("restart-strategy.fixed-delay.attempts", "1000");
        options.put("restart-strategy.fixed-delay.delay", "1s");
        // A dead task manager is missed soon, a slow one is waited for.
        options.put("heartbeat.interval", "1000");
        options.put("heartbeat.timeout", "60000");
        options.put("pekko.ask.timeout", "60s");
        options.put("io.tmp.dirs", directory.resolve("tmp").toString());
        StringBuilder yaml = new StringBuilder();
        options.forEach((key, value) -> yaml.append("%s: '%s'%n".formatted(key, value)));
        return yaml.toString();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        taskManagers.values().forEach(JvmProcess::close);
        jobManager.close();
    }
}
