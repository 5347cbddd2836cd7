package dev.sotto.broker;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * An {@link EmbeddedBroker} in a JVM of its own. It can be killed, and started again on the same directory and ports, so
 * that clients find it where it was. Not thread-safe.
 */
public final class BrokerProcess implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final Jvm JVM = Jvm.likeThis("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private final Path directory;
    private final int brokerPort;
    private final int controllerPort;
    private JvmProcess process;

    private BrokerProcess(Path directory, int brokerPort, int controllerPort) throws IOException, InterruptedException {
        this.directory = directory.toAbsolutePath();
        this.brokerPort = brokerPort;
        this.controllerPort = controllerPort;
        this.process = launch();
    }

    /**
     * Starts a broker on free ports, with the class path of this JVM; returns when it serves.
     *
     * @param directory where it keeps its log; what it prints goes to a file beside it, with {@code .log} appended
     * @throws IOException if it does not come up
     */
    public static BrokerProcess start(Path directory) throws IOException, InterruptedException {
        return new BrokerProcess(directory, EmbeddedBroker.freePort(), EmbeddedBroker.freePort());
    }

    private JvmProcess launch() throws IOException, InterruptedException {
        JvmProcess started = JVM.start(
                directory.resolveSibling(directory.getFileName() + ".log"),
                BrokerMain.class.getName(),
                List.of(directory.toString(), Integer.toString(brokerPort), Integer.toString(controllerPort)));
        try {
            started.awaitPrinted(BrokerMain.SERVES + bootstrap(), LIMIT);
        } catch (IOException | InterruptedException e) {
            started.close();
            throw e;
        }
        return started;
    }

    /** The bootstrap servers, {@code host:port}; the same after a restart. */
    public String bootstrap() {
        return EmbeddedBroker.HOST + ":" + brokerPort;
    }

    /** Ends it as a power cut would: SIGKILL, nothing is flushed or closed. */
    public void kill() throws InterruptedException {
        process.kill();
    }

    /**
     * Starts it again where it was; returns when it serves.
     *
     * @throws IllegalStateException if it runs
     * @throws IOException if it does not come up
     */
    public void restart() throws IOException, InterruptedException {
        if (process.alive()) {
            throw new IllegalStateException("the broker runs as process %d; kill it first".formatted(process.pid()));
        }
        process = launch();
    }

    @Override
    public void close() {
        process.close();
    }
}
