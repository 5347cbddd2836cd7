package dev.sotto.coordination.cli;

import dev.sotto.coordination.CoordinationConfig;
import dev.sotto.coordination.runtime.ModuleYaml;
import dev.sotto.coordination.runtime.StatefunDistribution;
import dev.sotto.coordination.runtime.StatefunRuntime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code coordination runtime}: the official Stateful Functions runtime, until it ends. */
@Command(
        name = "runtime",
        mixinStandardHelpOptions = true,
        description = {
            "Runs the official Stateful Functions runtime from a directory of its jars, restored from its newest checkpoint.",
            "Ends with 1 when the runtime ends: start it again, and it goes on where it was. Run one of it, never two."
        })
public final class RuntimeCommand implements Callable<Integer> {
    private static final int RUNTIME_ENDED = 1;

    @Option(names = "--config", required = true, paramLabel = "FILE", description = "coordination.yaml, as for 'serve'")
    Path config = Path.of("");

    @Option(
            names = "--endpoint",
            required = true,
            paramLabel = "URL",
            description = "Where the runtime reaches 'serve', for example http://coordination:8090/functions")
    String endpoint = "";

    @Option(
            names = "--distribution",
            required = true,
            paramLabel = "DIR",
            description = "The runtime's jars: lib/ and job/, as jobs/coordination/runtime/target has them")
    Path distribution = Path.of("");

    @Option(
            names = "--work",
            required = true,
            paramLabel = "DIR",
            description = "Its checkpoints, configuration and log; must outlive the process")
    Path work = Path.of("");

    @Option(
            names = "--checkpoint-millis",
            paramLabel = "MILLIS",
            description = "How long a record waits before others see it, at most (default: ${DEFAULT-VALUE})")
    int checkpointMillis = 1000;

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        CoordinationConfig read = CoordinationConfig.read(config);
        try (StatefunRuntime runtime = new StatefunRuntime(
                StatefunDistribution.at(distribution),
                ModuleYaml.render(read.bootstrap(), endpoint, read.kafka()),
                work,
                Path.of(System.getProperty("java.home")),
                Duration.ofMillis(checkpointMillis))) {
            runtime.start();
            spec.commandLine().getOut().println("runtime " + runtime.pid() + " logs to " + runtime.log());
            spec.commandLine().getOut().flush();
            ProcessHandle.of(runtime.pid()).map(ProcessHandle::onExit).ifPresent(exit -> exit.join());
        }
        return RUNTIME_ENDED;
    }
}
