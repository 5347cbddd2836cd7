package dev.sotto.site;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code site}: what a participant runs. A root command of its own, or a subcommand of another. */
@Command(
        name = "site",
        description = "Takes part in a federated task: trains on texts that stay here and sends masked updates.",
        subcommands = {JoinCommand.class, CheckCommand.class, PauseCommand.class, ResumeCommand.class},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the task has ended, or what was asked for is done",
            "1:an unexpected failure",
            "2:a wrong option or configuration",
            "3:data that cannot be used",
            "4:a broker that does not answer, refuses this site or lacks a topic",
            "5:a state directory that is locked, damaged, another site's or cannot be written",
            "6:the server was caught signing two stories"
        })
public final class SiteCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    private boolean help;

    /** Without a subcommand it says which there are. */
    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.CONFIGURATION.code();
    }

    /** Runs one of the subcommands' work and turns what it throws into a message and an exit code. */
    static int guarded(CommandSpec spec, Callable<ExitCode> work) {
        try {
            return work.call().code();
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            ExitCode code = ExitCode.of(e);
            String message = code == ExitCode.FAILURE ? "unexpected failure: " + e : String.valueOf(e.getMessage());
            spec.commandLine().getErr().println(CommandLine.Help.Ansi.AUTO.string("@|bold,red error:|@ ") + message);
            spec.commandLine().getErr().flush();
            return code.code();
        }
    }
}
