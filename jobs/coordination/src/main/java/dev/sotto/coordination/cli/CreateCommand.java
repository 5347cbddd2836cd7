package dev.sotto.coordination.cli;

import dev.sotto.contracts.TopicAdmin;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code topics create}: creates the catalogue's topics that are missing. */
@Command(
        name = "create",
        mixinStandardHelpOptions = true,
        description = "Creates the catalogue's topics that are missing; existing ones are left as they are.")
public final class CreateCommand implements Callable<Integer> {
    @Mixin
    ClientOptions client = new ClientOptions();

    @Option(
            names = "--replication",
            defaultValue = "1",
            paramLabel = "N",
            description = "Replicas of each partition; 3 in production (default: ${DEFAULT-VALUE}).")
    short replication;

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        try (Admin admin = Admin.create(client.toProperties())) {
            List<String> created = new TopicAdmin(admin).createMissing(replication);
            created.forEach(name -> spec.commandLine().getOut().println("created " + name));
            spec.commandLine().getOut().println(created.size() + " topics created");
            spec.commandLine().getOut().flush();
        }
        return 0;
    }
}
