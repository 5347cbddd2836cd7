package dev.sotto.coordination.cli;

import dev.sotto.coordination.TaskStarter;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.IdentityFile;
import dev.sotto.federation.LocalModelStore;
import dev.sotto.federation.TaskDefinition;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code task start}: writes a task's version 0 and announces it. */
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        description = {
            "Writes version 0 of a task's model into the store and announces it; coordination then opens the first block.",
            "Refuses if the task has a model already."
        })
public final class StartCommand implements Callable<Integer> {
    @Option(names = "--task", required = true, paramLabel = "FILE", description = "The task file that sites hold too.")
    Path task = Path.of("");

    @Option(
            names = "--store",
            required = true,
            paramLabel = "DIR",
            description = "The model store's directory, which sites and jobs can read.")
    Path store = Path.of("");

    @Option(names = "--identity", required = true, paramLabel = "FILE", description = "The operator's private key.")
    Path identity = Path.of("");

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "Seed of the adapter's starting values; no secret (default: ${DEFAULT-VALUE}).")
    long seed;

    @Option(
            names = "--from",
            paramLabel = "DIR",
            description =
                    "A model version's directory, of the same base, adapter, heads and tokens, to start from instead of random values; --seed then has no part.")
    @Nullable
    Path from;

    @Mixin
    ClientOptions client = new ClientOptions();

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        TaskDefinition definition = TaskDefinition.read(task);
        Path other = from;
        Checkpoint version0 = other == null
                ? Checkpoint.initial(definition, seed)
                : Checkpoint.initial(
                        definition,
                        new LocalModelStore(other).read(other.toAbsolutePath().toUri()));
        URI location = new TaskStarter(client.toProperties(), IdentityFile.read(identity))
                .start(definition, new LocalModelStore(store), version0);
        spec.commandLine().getOut().println("task " + definition.task() + " starts from " + location);
        spec.commandLine().getOut().flush();
        return 0;
    }
}
