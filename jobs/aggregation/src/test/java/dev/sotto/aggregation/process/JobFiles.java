package dev.sotto.aggregation.process;

import dev.sotto.federation.Trust;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The files that an operator of the job prepares, and the options that name them. */
public final class JobFiles {
    private final Path directory;

    /** Writes the files, the test's task file among them. */
    public JobFiles(Path directory, Trust trust, String identity) throws IOException {
        this.directory = directory;
        byte[] secret = new byte[32];
        for (int i = 0; i < secret.length; i++) {
            secret[i] = (byte) (i * 7);
        }
        Files.write(noiseSecret(), secret);
        Files.writeString(directory.resolve("identity.key"), identity);
        Files.writeString(directory.resolve("trust.yaml"), yaml(trust));
        try (InputStream in = JobFiles.class.getResourceAsStream("/task.yaml")) {
            Files.copy(in, directory.resolve("task.yaml"));
        }
    }

    /** The file with the secret of the noise. */
    public Path noiseSecret() {
        return directory.resolve("noise.secret");
    }

    /** Where models lie. */
    public Path models() {
        return directory.resolve("models");
    }

    /** The job's command line. */
    public List<String> arguments(String bootstrap) {
        Map<String, String> options = new TreeMap<>();
        options.put("aggregation.kafka.bootstrap-servers", bootstrap);
        options.put("aggregation.task.file", directory.resolve("task.yaml").toString());
        options.put("aggregation.trust.file", directory.resolve("trust.yaml").toString());
        options.put(
                "aggregation.identity.file", directory.resolve("identity.key").toString());
        options.put("aggregation.noise.secret-file", noiseSecret().toString());
        options.put("aggregation.model.store", models().toUri().toString());
        List<String> arguments = new ArrayList<>();
        options.forEach((key, value) -> {
            arguments.add("--" + key);
            arguments.add(value);
        });
        return arguments;
    }

    /** The options that every JVM of Sotto needs, in a file. */
    public static Path jvmOptions() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.exists(at.resolve("jvm.options"))) {
                return at.resolve("jvm.options");
            }
        }
        throw new IllegalStateException("jvm.options lies at the root of the repository; run the test inside it");
    }

    private static String yaml(Trust trust) {
        StringBuilder yaml = new StringBuilder("sites:\n");
        trust.sites().forEach((site, key) -> yaml.append("  %s: %s\n".formatted(site, key)));
        yaml.append("servers:\n");
        trust.servers().forEach((server, key) -> yaml.append("  %s: %s\n".formatted(server, key)));
        return yaml.toString();
    }
}
