package dev.sotto.coordination.cli;

import dev.sotto.federation.ConfigurationException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The broker that a transcript is read from. */
final class TranscriptBroker {
    @Option(
            names = "--bootstrap",
            required = true,
            paramLabel = "HOST:PORT",
            description = "Read from Kafka: its bootstrap servers.")
    String bootstrap = "";

    @Option(
            names = "--properties",
            paramLabel = "FILE",
            description = "Further properties of the Kafka client, as Java properties.")
    @Nullable
    Path properties;

    @Option(
            names = "--kafka",
            paramLabel = "KEY=VALUE",
            description = "A further property of the Kafka client. May be given several times.")
    Map<String, String> kafka = new HashMap<>();

    /**
     * The client's properties.
     *
     * @throws ConfigurationException if the file cannot be read
     */
    Map<String, Object> toProperties() {
        Map<String, Object> all = new HashMap<>();
        if (properties != null) {
            Properties read = new Properties();
            try (BufferedReader in = Files.newBufferedReader(properties, StandardCharsets.UTF_8)) {
                read.load(in);
            } catch (IOException | IllegalArgumentException e) {
                throw new ConfigurationException("cannot read " + properties + ": " + e.getMessage(), e);
            }
            read.stringPropertyNames().forEach(key -> all.put(key, read.getProperty(key)));
        }
        all.putAll(kafka);
        all.put("bootstrap.servers", bootstrap);
        return all;
    }
}
