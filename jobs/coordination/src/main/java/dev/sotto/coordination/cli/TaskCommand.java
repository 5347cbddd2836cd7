package dev.sotto.coordination.cli;

import picocli.CommandLine.Command;

/** {@code task}: what an operator does with tasks. */
@Command(
        name = "task",
        mixinStandardHelpOptions = true,
        description = "Starts federated tasks.",
        subcommands = StartCommand.class)
public final class TaskCommand {}
