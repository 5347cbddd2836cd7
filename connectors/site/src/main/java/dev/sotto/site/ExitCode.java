package dev.sotto.site;

import dev.sotto.federation.ConfigurationException;

/** How the command line ends. */
public enum ExitCode {
    /** The task has ended, what was asked for is done, or somebody asked the site to stop. */
    OK(0),
    /** Something that has no code of its own. */
    FAILURE(1),
    /** A wrong option, or a configuration, task, trust or identity file that cannot be used. */
    CONFIGURATION(2),
    /** A data file that cannot be used. */
    DATA(3),
    /** A broker that does not answer, refuses the site, or lacks a topic. */
    BROKER(4),
    /** A state directory that is locked, damaged, another site's or cannot be written. */
    STATE(5),
    /** The server was caught signing two stories; the site refuses for ever. */
    DISTRUST(6);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    /** The process's exit code. */
    public int code() {
        return code;
    }

    static ExitCode of(Throwable failure) {
        if (failure instanceof ConfigurationException) {
            return CONFIGURATION;
        }
        if (failure instanceof DataException) {
            return DATA;
        }
        if (failure instanceof BrokerException) {
            return BROKER;
        }
        if (failure instanceof JournalException) {
            return STATE;
        }
        return failure instanceof DistrustException ? DISTRUST : FAILURE;
    }
}
