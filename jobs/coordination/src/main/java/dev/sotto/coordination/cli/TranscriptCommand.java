package dev.sotto.coordination.cli;

import picocli.CommandLine.Command;

/** {@code transcript}: what an auditor does, who trusts nobody but a trust file. */
@Command(
        name = "transcript",
        mixinStandardHelpOptions = true,
        description = {
            "Checks the history of a task that coordination has signed, or takes it along to be checked elsewhere.",
            "Needs no secret and no permission but to read fl.rounds."
        },
        subcommands = {
            TranscriptVerifyCommand.class,
            TranscriptExportCommand.class,
            TranscriptProveCommand.class,
            TranscriptVerifyProofCommand.class
        })
public final class TranscriptCommand {
    /** Exit code: nothing is amiss. */
    static final int HOLDS = 0;

    /** Exit code: something could not be read, so nothing is said. */
    static final int COULD_NOT_RUN = 1;

    /** Exit code: something does not hold. */
    static final int FINDINGS = 2;
}
