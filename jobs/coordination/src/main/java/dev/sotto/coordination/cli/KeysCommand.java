package dev.sotto.coordination.cli;

import picocli.CommandLine.Command;

/** {@code keys}: identities. */
@Command(
        name = "keys",
        mixinStandardHelpOptions = true,
        description = "Makes the keys that parties sign with.",
        subcommands = GenerateCommand.class)
public final class KeysCommand {}
