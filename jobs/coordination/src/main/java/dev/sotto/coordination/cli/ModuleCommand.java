package dev.sotto.coordination.cli;

import dev.sotto.coordination.CoordinationConfig;
import dev.sotto.coordination.runtime.ModuleYaml;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code coordination module}: prints the runtime's {@code module.yaml}. */
@Command(
        name = "module",
        mixinStandardHelpOptions = true,
        description = {
            "Prints the module.yaml for a Stateful Functions runtime: its topics, and where the functions are.",
            "The ingress names a class of Sotto's coordination jar, which the runtime needs on its class path."
        })
public final class ModuleCommand implements Callable<Integer> {
    @Option(names = "--config", required = true, paramLabel = "FILE", description = "coordination.yaml, as for 'serve'")
    Path config = Path.of("");

    @Option(
            names = "--endpoint",
            required = true,
            paramLabel = "URL",
            description = "Where the runtime reaches 'serve', for example http://coordination:8090/functions")
    String endpoint = "";

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        CoordinationConfig read = CoordinationConfig.read(config);
        spec.commandLine().getOut().print(ModuleYaml.render(read.bootstrap(), endpoint, read.kafka()));
        spec.commandLine().getOut().flush();
        return 0;
    }
}
