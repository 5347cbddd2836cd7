package dev.sotto.coordination;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.sotto.federation.ConfigurationException;
import dev.sotto.federation.StrictYaml;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code coordination.yaml}. Every key must be there and no other may be.
 *
 * @param bootstrap Kafka's bootstrap servers
 * @param tasks the task files; a relative path counts from the configuration's directory, as do the next two
 * @param trust the trust file
 * @param identity the file with coordination's private key
 * @param host the address to listen on
 * @param port the port to listen on; 0 for a free one
 * @param tickMillis how often to tick, 100 to 60,000
 * @param kafka further properties of every Kafka client, for example of its security; {@code {}} for none
 */
public record CoordinationConfig(
        String bootstrap,
        List<Path> tasks,
        Path trust,
        Path identity,
        String host,
        int port,
        int tickMillis,
        Map<String, String> kafka) {
    private static final String BOOTSTRAP = "bootstrap.servers";

    public CoordinationConfig {
        tasks = List.copyOf(tasks);
        kafka = Map.copyOf(kafka);
        require(!bootstrap.isBlank(), "bootstrap", bootstrap, "host:port");
        require(!tasks.isEmpty(), "tasks", tasks, "at least one task file");
        require(port >= 0 && port <= 65535, "port", port, "between 0 and 65535");
        require(tickMillis >= 100 && tickMillis <= 60_000, "tickMillis", tickMillis, "between 100 and 60000");
        require(!kafka.containsKey(BOOTSTRAP), "kafka." + BOOTSTRAP, kafka.get(BOOTSTRAP), "given as 'bootstrap'");
    }

    /**
     * Reads a configuration; the paths in it come back absolute.
     *
     * @throws ConfigurationException naming the file and the key
     */
    public static CoordinationConfig read(Path file) {
        CoordinationConfig read = StrictYaml.read(file, CoordinationConfig.class);
        Path base = file.toAbsolutePath().normalize().resolveSibling("");
        return new CoordinationConfig(
                read.bootstrap,
                read.tasks.stream().map(base::resolve).toList(),
                base.resolve(read.trust),
                base.resolve(read.identity),
                read.host,
                read.port,
                read.tickMillis,
                read.kafka);
    }

    /** The properties of a Kafka client. */
    @JsonIgnore
    public Map<String, Object> clientProperties() {
        Map<String, Object> properties = new HashMap<>(kafka);
        properties.put(BOOTSTRAP, bootstrap);
        return properties;
    }

    private static void require(boolean holds, String key, @Nullable Object value, String expected) {
        if (!holds) {
            throw new ConfigurationException("%s is %s; it must be %s".formatted(key, value, expected));
        }
    }
}
