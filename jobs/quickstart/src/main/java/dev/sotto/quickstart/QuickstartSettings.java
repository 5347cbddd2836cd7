package dev.sotto.quickstart;

import dev.sotto.federation.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the quickstart was asked for.
 *
 * @param work its directory
 * @param rounds rounds that must end with a model; 0 for the task file's
 * @param port of Flink's web UI; 0 for a free one
 * @param siteData training files in place of the samples, by site id
 * @param keepOpen whether everything stays up at the end
 */
record QuickstartSettings(Path work, int rounds, int port, Map<String, Path> siteData, boolean keepOpen) {
    QuickstartSettings {
        if (rounds != 0 && (rounds < 3 || rounds > 50)) {
            throw new ConfigurationException("--rounds is " + rounds + " but must be between 3 and 50");
        }
        if (port < 0 || port > 65535) {
            throw new ConfigurationException("--port is " + port + " but must be between 0 and 65535");
        }
        Set<String> known = QuickstartSite.ALL.stream().map(QuickstartSite::id).collect(Collectors.toSet());
        siteData.forEach((site, file) -> {
            if (!known.contains(site)) {
                throw new ConfigurationException("--site-data names '" + site + "' but the sites are " + known);
            }
            if (!Files.isReadable(file)) {
                throw new ConfigurationException("--site-data " + site + ": cannot read " + file);
            }
        });
        siteData = Map.copyOf(siteData);
    }
}
