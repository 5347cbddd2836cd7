package dev.sotto.connect.flink;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** Kafka client properties out of a file in Java's format, for example those of security. Stateless. */
public final class KafkaProperties {
    private KafkaProperties() {}

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException if it cannot be read
     */
    public static Map<String, String> read(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            // The content may hold passwords and is not repeated.
            throw new IllegalArgumentException(
                    "cannot read client properties from " + file + "; is it a readable properties file?", e);
        }
        Map<String, String> map = new TreeMap<>();
        properties.stringPropertyNames().forEach(name -> map.put(name, properties.getProperty(name)));
        return map;
    }
}
