package dev.sotto.coordination.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The official Stateful Functions runtime as a process of its own, restored from its newest checkpoint whenever it starts.
 *
 * <p>Its working directory holds {@code conf/} (rendered at each start), {@code checkpoints/} and {@code runtime.log}. The
 * process dies with this one. Not thread-safe.
 */
public final class StatefunRuntime implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StatefunRuntime.class);
    private static final String JOB_CLASS = "org.apache.flink.statefun.flink.core.StatefulFunctionsJob";
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration STOP = Duration.ofSeconds(20);

    private final StatefunDistribution distribution;
    private final String module;
    private final Path work;
    private final Path java;
    private final Duration checkpointInterval;
    private final CheckpointDirectory checkpoints;
    private final Thread reaper = new Thread(this::destroy, "statefun-reaper");
    private @Nullable Process process;
    private @Nullable Path restored;

    /**
     * A runtime that is not started yet.
     *
     * @param module the {@link ModuleYaml}
     * @param work its working directory; keeps the checkpoints from run to run
     * @param javaHome a JDK 17: a later one cannot log in to Kafka from this runtime
     * @param checkpointInterval how long a record waits before others see it, at most; 500 ms to 1 s is usual
     */
    public StatefunRuntime(
            StatefunDistribution distribution, String module, Path work, Path javaHome, Duration checkpointInterval) {
        this.distribution = distribution;
        this.module = module;
        this.work = work.toAbsolutePath().normalize();
        this.java = javaHome.resolve("bin").resolve("java");
        this.checkpointInterval = checkpointInterval;
        this.checkpoints = new CheckpointDirectory(this.work.resolve("checkpoints"));
    }

    /**
     * Starts the process, from the newest checkpoint if there is one.
     *
     * @throws IOException if the working directory cannot be written or the process not started
     * @throws IllegalStateException if it runs already
     */
    public void start() throws IOException {
        if (alive()) {
            throw new IllegalStateException("the runtime runs already as process " + pid());
        }
        Path conf = work.resolve("conf");
        Files.createDirectories(checkpoints.root());
        keepToOwner();
        Path modules = write(conf, "module.yaml", module);
        write(conf, "flink-conf.yaml", RuntimeConfiguration.render(modules, checkpoints.root(), checkpointInterval));
        Path logging = write(conf, "log4j2.properties", resource("statefun-log4j2.properties"));
        copyInterceptor();
        restored = checkpoints.newest().orElse(null);
        LOG.info("starting the Stateful Functions runtime from {}", restored == null ? "nothing" : restored);
        ProcessBuilder builder = new ProcessBuilder(command(logging));
        builder.directory(work.toFile());
        builder.environment().put("FLINK_CONF_DIR", conf.toString());
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        process = builder.start();
        Runtime.getRuntime().addShutdownHook(reaper);
    }

    private List<String> command(Path logging) {
        List<String> command = new ArrayList<>(List.of(
                java.toString(),
                "-Xmx384m",
                "-XX:MaxMetaspaceSize=192m",
                "-XX:+UseSerialGC",
                "-Dlog4j2.configurationFile=" + logging));
        for (String opened : List.of("java.util", "java.lang", "java.util.concurrent.atomic")) {
            command.add("--add-opens=java.base/" + opened + "=ALL-UNNAMED");
        }
        command.addAll(List.of(
                "-cp",
                work.resolve("classes") + ":" + distribution.classPath(),
                "org.apache.flink.client.cli.CliFrontend",
                "run",
                "-t",
                "local",
                "-c",
                JOB_CLASS));
        if (restored != null) {
            // Claimed, so that the restored checkpoint goes once newer ones stand.
            command.addAll(List.of("-s", restored.toUri().toString(), "-restoreMode", "CLAIM"));
        }
        command.add(distribution.job().toString());
        return command;
    }

    /** Checkpoints hold unmask shares, and the module may hold a password. */
    private void keepToOwner() throws IOException {
        if (work.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwx------"));
        }
    }

    /** The ingress names a class of ours; it goes alone, so that nothing else of ours meets the runtime's Flink. */
    private void copyInterceptor() throws IOException {
        String name = "/" + KeyedRecords.class.getName().replace('.', '/') + ".class";
        Path target = work.resolve("classes" + name);
        Files.createDirectories(target.resolveSibling(""));
        try (InputStream in = StatefunRuntime.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException(name + " is missing from the class path");
            }
            Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static Path write(Path directory, String name, String content) throws IOException {
        Files.createDirectories(directory);
        return Files.writeString(directory.resolve(name), content);
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = StatefunRuntime.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("resource " + name + " is missing from the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /**
     * Waits until this run has written a checkpoint: from then on it works, and a restart loses nothing.
     *
     * @throws IOException if the process ends or the time runs out first; the message names the log file
     */
    public void awaitCheckpoint(Duration limit) throws IOException, InterruptedException {
        for (long polls = limit.toMillis() / POLL.toMillis(); polls > 0; polls--) {
            Optional<Path> newest = checkpoints.newest();
            if (newest.isPresent() && !newest.get().equals(restored)) {
                return;
            }
            if (process == null || process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("the Stateful Functions runtime ended before its first checkpoint; see " + log());
            }
        }
        throw new IOException("no checkpoint of the Stateful Functions runtime within %d s; see %s"
                .formatted(limit.toSeconds(), log()));
    }

    /** Whether the process runs. */
    public boolean alive() {
        return process != null && process.isAlive();
    }

    /** The process's id, for a supervisor. */
    public long pid() {
        if (process == null) {
            throw new IllegalStateException("the runtime was not started");
        }
        return process.pid();
    }

    /** What the process prints. */
    public Path log() {
        return work.resolve("runtime.log");
    }

    /** Ends the process in an orderly way, and by force if it takes too long. The checkpoints stay. */
    public void stop() throws InterruptedException {
        end(false);
    }

    /** Ends the process as a crash would. */
    public void kill() throws InterruptedException {
        end(true);
    }

    private void end(boolean force) throws InterruptedException {
        Process running = process;
        if (running == null) {
            return;
        }
        if (force) {
            running.destroyForcibly();
        } else {
            running.destroy();
        }
        if (!running.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
            running.destroyForcibly().waitFor();
        }
        process = null;
        try {
            Runtime.getRuntime().removeShutdownHook(reaper);
        } catch (IllegalStateException e) {
            LOG.debug("the reaper is at work already", e);
        }
    }

    private void destroy() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
        }
    }

    @Override
    public void close() {
        try {
            stop();
        } catch (InterruptedException e) {
            destroy();
            Thread.currentThread().interrupt();
        }
    }
}
