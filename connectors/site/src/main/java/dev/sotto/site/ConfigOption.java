package dev.sotto.site;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options of every command that works on a site. */
final class ConfigOption {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    private boolean help;

    @Option(names = "--config", required = true, paramLabel = "FILE", description = "The site's configuration.")
    @SuppressWarnings("NullAway.Init")
    private Path config;

    /**
     * Reads the configuration.
     *
     * @throws dev.sotto.federation.ConfigurationException if it cannot be used
     */
    SiteConfig read() {
        return SiteConfig.read(config);
    }
}
