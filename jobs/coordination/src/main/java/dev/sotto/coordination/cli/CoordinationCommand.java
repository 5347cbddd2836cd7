package dev.sotto.coordination.cli;

import picocli.CommandLine.Command;

/** {@code coordination}: everything about running coordination. */
@Command(
        name = "coordination",
        mixinStandardHelpOptions = true,
        description = "Runs coordination's functions, or prints what their runtime needs.",
        subcommands = {ServeCommand.class, RuntimeCommand.class, ModuleCommand.class})
public final class CoordinationCommand {}
