package dev.sotto.coordination.cli;

import picocli.CommandLine.Command;

/** {@code topics}: what an operator does with topics. */
@Command(
        name = "topics",
        mixinStandardHelpOptions = true,
        description = "Looks after the topics of the catalogue.",
        subcommands = CreateCommand.class)
public final class TopicsCommand {}
