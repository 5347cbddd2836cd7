package dev.sotto.coordination.cli;

import dev.sotto.coordination.CoordinationConfig;
import dev.sotto.coordination.CoordinationService;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code coordination serve}: hosts the functions until the process is ended. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = {
            "Hosts coordination's functions for a Stateful Functions runtime, and ticks the watermark.",
            "Holds no state: it may be stopped, replaced and run more than once at any time."
        },
        footer = {
            "",
            "The configuration is YAML; every key must be there:",
            "  bootstrap: broker:9092        Kafka's bootstrap servers",
            "  tasks: [task.yaml]            task files, relative to the configuration",
            "  trust: trust.yaml             the allow-list of sites and the servers' keys",
            "  identity: coordination.key    coordination's private key ('sotto keys generate')",
            "  host: 0.0.0.0                 where to listen",
            "  port: 8090",
            "  tickMillis: 1000              how often to tick",
            "  kafka: {}                     further properties of the Kafka clients"
        })
public final class ServeCommand implements Callable<Integer> {
    @Option(names = "--config", required = true, paramLabel = "FILE", description = "coordination.yaml")
    Path config = Path.of("");

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        try (CoordinationService service =
                CoordinationService.start(CoordinationConfig.read(config), Clock.systemUTC())) {
            Runtime.getRuntime().addShutdownHook(new Thread(ended::countDown, "serve-end"));
            spec.commandLine().getOut().println("serving functions at " + service.endpoint());
            spec.commandLine().getOut().flush();
            ended.await();
        }
        return 0;
    }
}
