package dev.sotto.quickstart;

import dev.sotto.coordination.CoordinationConfig;
import dev.sotto.coordination.CoordinationService;
import dev.sotto.coordination.runtime.StatefunDistribution;
import dev.sotto.coordination.runtime.StatefunRuntime;
import dev.sotto.federation.Trust;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Coordination as it is deployed: the functions behind HTTP, and the official runtime in a process of its own. */
final class CoordinationParts implements AutoCloseable {
    private static final Duration CHECKPOINT_INTERVAL = Duration.ofMillis(500);
    private static final Duration START = Duration.ofSeconds(90);
    private static final int TICK_MILLIS = 1000;

    private final CoordinationService service;
    private final StatefunRuntime runtime;

    private CoordinationParts(CoordinationService service, StatefunRuntime runtime) {
        this.service = service;
        this.runtime = runtime;
    }

    /** Starts both; returns when the runtime has written its first checkpoint. */
    static CoordinationParts start(Workspace workspace, String bootstrap) throws IOException, InterruptedException {
        CoordinationConfig config = new CoordinationConfig(
                bootstrap,
                List.of(workspace.taskFile()),
                workspace.trustFile(),
                workspace.key(Trust.COORDINATION),
                "127.0.0.1",
                0,
                TICK_MILLIS,
                Map.of());
        CoordinationService service = CoordinationService.start(config, Clock.systemUTC());
        StatefunRuntime runtime = new StatefunRuntime(
                StatefunDistribution.at(Installation.home().resolve("jobs/coordination/runtime/target")),
                service.module(),
                workspace.directory("statefun"),
                Path.of(System.getProperty("java.home")),
                CHECKPOINT_INTERVAL);
        CoordinationParts parts = new CoordinationParts(service, runtime);
        try {
            runtime.start();
            runtime.awaitCheckpoint(START);
        } catch (IOException | InterruptedException e) {
            parts.close();
            throw e;
        }
        return parts;
    }

    @Override
    public void close() {
        runtime.close();
        service.close();
    }
}
