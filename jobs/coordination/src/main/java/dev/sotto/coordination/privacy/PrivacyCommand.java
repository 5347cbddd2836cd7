package dev.sotto.coordination.privacy;

import picocli.CommandLine.Command;

/** {@code privacy}: what a task promises, what it has spent and whether an attack can prove it wrong. */
@Command(
        name = "privacy",
        mixinStandardHelpOptions = true,
        description = {
            "Plans the noise of a task, prices releases, shows what was spent, and attacks a shadow of the task.",
            "Every epsilon comes with its unit, neighbour relation, delta and mechanism."
        },
        subcommands = {
            PrivacyPlanCommand.class,
            PrivacyEpsilonCommand.class,
            PrivacyNoiseCommand.class,
            PrivacyDeltaCommand.class,
            PrivacyLedgerCommand.class,
            PrivacyAuditCommand.class
        })
public final class PrivacyCommand {
    /** Exit code: nothing is amiss. */
    static final int HOLDS = 0;

    /** Exit code: something could not be read, so nothing is said; as the transcript commands do. */
    static final int COULD_NOT_RUN = 1;

    /** Exit code: a promise is broken. */
    static final int BROKEN = 2;
}
