package dev.sotto.coordination.process;

import dev.sotto.coordination.cli.CoordinationCommand;
import picocli.CommandLine;

/** {@code sotto coordination} without the launcher's other commands. */
final class CommandMain {
    private CommandMain() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new CoordinationCommand()).execute(arguments));
    }
}
