package dev.sotto.quickstart.model;

import dev.sotto.connect.flink.FlinkModelStore;
import dev.sotto.connect.flink.StoredVersion;
import dev.sotto.federation.ConfigurationException;
import dev.sotto.secagg.TaskId;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.plugin.PluginUtils;
import picocli.CommandLine.Option;

/** Which models are meant: a store and a task in it. */
final class StoreOptions {
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*");

    @Option(
            names = "--store",
            required = true,
            paramLabel = "DIR|URI",
            description =
                    "The model store: a directory, or a URI such as s3://bucket/models. For other file systems than the"
                            + " local one FLINK_PLUGINS_DIR names Flink's plugins and FLINK_CONF_DIR its configuration.")
    String store = "";

    @Option(names = "--task", required = true, paramLabel = "NAME", description = "The task's id.")
    String task = "";

    /** @throws ConfigurationException if the id is none */
    TaskId task() {
        try {
            return new TaskId(task);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException("--task is '%s': %s".formatted(task, e.getMessage()), e);
        }
    }

    /**
     * The published versions, the oldest first; at least one.
     *
     * @throws ConfigurationException if the store cannot be read, or has none
     */
    List<StoredVersion> versions() {
        List<StoredVersion> versions;
        try {
            versions = new FlinkModelStore(root()).versions(task());
        } catch (IOException e) {
            throw new ConfigurationException("cannot read --store %s: %s".formatted(store, e.getMessage()), e);
        }
        if (versions.isEmpty()) {
            throw new ConfigurationException("%s has no model of task %s".formatted(store, task));
        }
        return versions;
    }

    /** @throws ConfigurationException if the store has no such version */
    StoredVersion version(int version) {
        List<StoredVersion> versions = versions();
        return versions.stream()
                .filter(stored -> stored.version() == version)
                .findFirst()
                .orElseThrow(() -> new ConfigurationException("%s has no version %d of task %s; the newest is %d"
                        .formatted(
                                store,
                                version,
                                task,
                                versions.get(versions.size() - 1).version())));
    }

    private URI root() {
        if (!SCHEME.matcher(store).matches()) {
            return Path.of(store).toAbsolutePath().normalize().toUri();
        }
        Configuration flink = GlobalConfiguration.loadConfiguration();
        FileSystem.initialize(flink, PluginUtils.createPluginManagerFromRootFolder(flink));
        try {
            return URI.create(store);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException("--store is '%s', which is no URI".formatted(store), e);
        }
    }
}
