package dev.sotto.coordination.runtime;

import dev.sotto.federation.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The official Stateful Functions runtime as a directory: {@code lib/} with its jars, {@code job/} with the job's jar.
 *
 * @param root the directory
 * @param job the job's jar
 */
public record StatefunDistribution(Path root, Path job) {
    /**
     * Looks at a directory.
     *
     * @throws ConfigurationException if it does not hold the runtime
     */
    public static StatefunDistribution at(Path root) {
        Path absolute = root.toAbsolutePath().normalize();
        if (jars(absolute.resolve("lib")).isEmpty()) {
            throw missing(absolute, "lib");
        }
        List<Path> jobs = jars(absolute.resolve("job"));
        if (jobs.size() != 1) {
            throw missing(absolute, "job");
        }
        return new StatefunDistribution(absolute, jobs.get(0));
    }

    /** Everything in {@code lib/}, as a class path. */
    String classPath() {
        return root.resolve("lib") + "/*";
    }

    private static ConfigurationException missing(Path root, String part) {
        return new ConfigurationException(
                "%s does not hold the Stateful Functions runtime: its %s/ lacks jars; 'mvn process-resources' in jobs/coordination/runtime fills target/"
                        .formatted(root, part));
    }

    private static List<Path> jars(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new ConfigurationException("cannot list " + directory + ": " + e.getMessage(), e);
        }
    }
}
