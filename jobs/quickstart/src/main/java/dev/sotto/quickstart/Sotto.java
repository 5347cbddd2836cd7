package dev.sotto.quickstart;

import dev.sotto.coordination.cli.CoordinationCommand;
import dev.sotto.coordination.cli.KeysCommand;
import dev.sotto.coordination.cli.TaskCommand;
import dev.sotto.coordination.cli.TopicsCommand;
import dev.sotto.coordination.cli.TranscriptCommand;
import dev.sotto.coordination.privacy.PrivacyCommand;
import dev.sotto.federation.ConfigurationException;
import dev.sotto.quickstart.model.ModelCommand;
import dev.sotto.site.SiteCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code sotto} command: every subcommand in one place. */
@Command(
        name = "sotto",
        description = "Federated learning whose sum is heard and whose single voices are not.",
        mixinStandardHelpOptions = true,
        version = "sotto 0.1.0-SNAPSHOT",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            QuickstartCommand.class,
            SimulateCommand.class,
            ScoreCommand.class,
            EvaluateCommand.class,
            ReportCommand.class,
            SiteCommand.class,
            CoordinationCommand.class,
            TaskCommand.class,
            TranscriptCommand.class,
            PrivacyCommand.class,
            ModelCommand.class,
            TopicsCommand.class,
            KeysCommand.class,
            BenchCommand.class
        },
        footer = {"", "Begin with 'sotto quickstart'. 'sotto COMMAND --help' explains each command."})
public final class Sotto {
    private static final int FAILED = 1;

    private Sotto() {}

    /** Runs a command and ends the JVM with its exit code. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** The command, ready to be executed. */
    public static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Sotto());
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setExecutionExceptionHandler((failure, command, result) -> {
            // A configuration's message says all there is to say; anything else needs its trace.
            if (failure instanceof ConfigurationException) {
                command.getErr().println("sotto: " + failure.getMessage());
            } else {
                failure.printStackTrace(command.getErr());
            }
            return FAILED;
        });
        return commandLine;
    }
}
