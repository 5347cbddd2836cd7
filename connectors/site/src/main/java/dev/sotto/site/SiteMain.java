package dev.sotto.site;

import picocli.CommandLine;

/** The command line of a site on its own. */
public final class SiteMain {
    private static final String LOGGING = "log4j2.configurationFile";

    private SiteMain() {}

    /** Runs {@link SiteCommand} and exits with its code. */
    public static void main(String[] args) {
        // Before the first logger: a quiet console, unless the operator has said otherwise.
        if (System.getProperty(LOGGING) == null) {
            System.setProperty(LOGGING, "classpath:log4j2-site.xml");
        }
        System.exit(commandLine().execute(args));
    }

    /** The command line, for a test or an embedding program. */
    public static CommandLine commandLine() {
        return new CommandLine(new SiteCommand()).setCaseInsensitiveEnumValuesAllowed(true);
    }
}
