package dev.sotto.coordination;

import dev.sotto.contracts.EnvelopeSigner;
import dev.sotto.coordination.function.CoordinationFunctions;
import dev.sotto.coordination.runtime.FunctionServer;
import dev.sotto.coordination.runtime.ManifestTicker;
import dev.sotto.coordination.runtime.ModuleYaml;
import dev.sotto.federation.IdentityFile;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import dev.sotto.secagg.IdentityKeyPair;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** Coordination without its runtime: the functions behind HTTP, and the ticker. Holds no state. Thread-safe. */
public final class CoordinationService implements AutoCloseable {
    private final CoordinationConfig config;
    private final FunctionServer server;
    private final ManifestTicker ticker;

    private CoordinationService(CoordinationConfig config, FunctionServer server, ManifestTicker ticker) {
        this.config = config;
        this.server = server;
        this.ticker = ticker;
    }

    /**
     * Reads what the configuration names and starts.
     *
     * @throws dev.sotto.federation.ConfigurationException if any of it cannot be used
     * @throws IOException if the address cannot be bound
     */
    public static CoordinationService start(CoordinationConfig config, Clock clock) throws IOException {
        Trust trust = Trust.read(config.trust());
        IdentityKeyPair identity = IdentityFile.read(config.identity());
        List<TaskDefinition> tasks =
                config.tasks().stream().map(TaskDefinition::read).toList();
        CoordinationFunctions functions = CoordinationFunctions.of(tasks, trust, identity, clock);
        FunctionServer server = FunctionServer.start(config.host(), config.port(), functions.statefulFunctions());
        try {
            ManifestTicker ticker = ManifestTicker.start(
                    config.clientProperties(),
                    new EnvelopeSigner(Trust.COORDINATION, identity),
                    tasks.get(0).id(),
                    Duration.ofMillis(config.tickMillis()),
                    clock);
            return new CoordinationService(config, server, ticker);
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** The URL at which a runtime on the same machine reaches the functions. */
    public String endpoint() {
        return server.endpoint();
    }

    /** The runtime's module for {@link #endpoint()}. */
    public String module() {
        return ModuleYaml.render(config.bootstrap(), endpoint(), config.kafka());
    }

    @Override
    public void close() {
        ticker.close();
        server.close();
    }
}
