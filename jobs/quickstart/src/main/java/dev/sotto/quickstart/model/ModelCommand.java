package dev.sotto.quickstart.model;

import picocli.CommandLine.Command;

/** {@code model}: what an operator or an auditor does with a model store. */
@Command(
        name = "model",
        mixinStandardHelpOptions = true,
        description = {
            "Lists, shows and verifies the models of a store, and lets scoring jobs go back to an older one.",
            "Nothing here changes or deletes what lies in a store."
        },
        subcommands = {
            ModelListCommand.class,
            ModelShowCommand.class,
            ModelVerifyCommand.class,
            ModelRollbackCommand.class,
            ModelBaseCommand.class
        })
public final class ModelCommand {
    /** Exit code: nothing is amiss. */
    static final int HOLDS = 0;

    /** Exit code: something could not be read, so nothing is said; as the transcript commands do. */
    static final int COULD_NOT_RUN = 1;

    /** Exit code: a model is not what it should be. */
    static final int BROKEN = 2;
}
