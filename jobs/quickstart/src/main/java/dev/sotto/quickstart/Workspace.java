package dev.sotto.quickstart;

import dev.sotto.federation.ConfigurationException;
import dev.sotto.federation.IdentityFile;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import dev.sotto.secagg.IdentityKeyPair;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The quickstart's directory: fresh keys for every party, the trust file that each of them holds, the task, the sites'
 * configurations and data, and room for logs, state and models.
 */
final class Workspace {
    private static final String MARKER = ".sotto-quickstart";
    private static final int SECRET_BYTES = 32;
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path root;
    private final TaskDefinition task;
    private final Trust trust;

    private Workspace(Path root, TaskDefinition task, Trust trust) {
        this.root = root;
        this.task = task;
        this.trust = trust;
    }

    /**
     * Makes a workspace; what an earlier quickstart left there is removed.
     *
     * @param data larger training files by site id, in place of the samples
     * @throws ConfigurationException if the directory exists and no quickstart made it
     */
    static Workspace create(Path root, int rounds, Map<String, Path> data, SecureRandom random) throws IOException {
        clear(root);
        for (String directory : new String[] {"keys", "sites", "logs", "models", "broker", "checkpoints"}) {
            Files.createDirectories(root.resolve(directory));
        }
        Files.writeString(root.resolve(MARKER), "The quickstart removes this directory when it starts again.\n");
        copy("/quickstart/task.yaml", root.resolve("task.yaml"));
        if (rounds > 0) {
            String text = Files.readString(root.resolve("task.yaml"));
            Files.writeString(
                    root.resolve("task.yaml"),
                    text.replaceFirst(
                            "count: \\d+, perBlock: \\d+",
                            "count: %d, perBlock: %d".formatted(rounds, Math.min(64, rounds + 2))));
        }
        Trust trust = writeKeys(root, random);
        Workspace workspace = new Workspace(root, TaskDefinition.read(root.resolve("task.yaml")), trust);
        for (QuickstartSite site : QuickstartSite.ALL) {
            Path rows = workspace.siteDirectory(site).resolve("data.jsonl");
            Files.createDirectories(rows.getParent());
            if (data.containsKey(site.id())) {
                Files.copy(data.get(site.id()), rows);
            } else {
                copy(site.resource(), rows);
            }
        }
        return workspace;
    }

    private static Trust writeKeys(Path root, SecureRandom random) throws IOException {
        Map<String, String> sites = new TreeMap<>();
        for (QuickstartSite site : QuickstartSite.ALL) {
            sites.put(site.id(), writeKey(root, site.id(), random));
        }
        Map<String, String> servers = new TreeMap<>();
        for (String server : new String[] {Trust.COORDINATION, Trust.AGGREGATION, Trust.OPERATOR}) {
            servers.put(server, writeKey(root, server, random));
        }
        for (String secret : new String[] {"noise", "pseudonyms"}) {
            byte[] bytes = new byte[SECRET_BYTES];
            random.nextBytes(bytes);
            Path file = root.resolve("keys").resolve(secret + ".key");
            Files.createFile(file, OWNER_ONLY);
            Files.write(file, bytes);
        }
        StringBuilder yaml = new StringBuilder("sites:\n");
        sites.forEach((id, key) ->
                yaml.append("  ").append(id).append(": ").append(key).append('\n'));
        yaml.append("servers:\n");
        servers.forEach((name, key) ->
                yaml.append("  ").append(name).append(": ").append(key).append('\n'));
        Files.writeString(root.resolve("trust.yaml"), yaml);
        return Trust.read(root.resolve("trust.yaml"));
    }

    private static String writeKey(Path root, String name, SecureRandom random) throws IOException {
        IdentityKeyPair identity = IdentityKeyPair.generate(random);
        IdentityFile.create(root.resolve("keys").resolve(name + ".key"), identity);
        return identity.publicKey().toBase64();
    }

    /** Writes a site's configuration and returns its file. */
    Path writeSiteConfig(QuickstartSite site, String bootstrap) throws IOException {
        Path file = siteDirectory(site).resolve("site.yaml");
        Files.writeString(
                file,
                """
                site: %s
                task: %s
                trust: %s
                identity: %s
                state: %s
                bootstrap: %s
                data: {file: %s, columns: {sentiment: label}, validationShare: 0.1}
                threads: 1
                """
                        .formatted(
                                site.id(),
                                root.resolve("task.yaml"),
                                root.resolve("trust.yaml"),
                                key(site.id()),
                                siteDirectory(site).resolve("state"),
                                bootstrap,
                                siteDirectory(site).resolve("data.jsonl")));
        return file;
    }

    Path root() {
        return root;
    }

    Path taskFile() {
        return root.resolve("task.yaml");
    }

    Path trustFile() {
        return root.resolve("trust.yaml");
    }

    TaskDefinition task() {
        return task;
    }

    Trust trust() {
        return trust;
    }

    /** A secret's file. */
    Path key(String name) {
        return root.resolve("keys").resolve(name + ".key");
    }

    Path directory(String name) {
        return root.resolve(name);
    }

    Path log(String name) {
        return root.resolve("logs").resolve(name + ".log");
    }

    private Path siteDirectory(QuickstartSite site) {
        return root.resolve("sites").resolve(site.id());
    }

    private static void copy(String resource, Path file) throws IOException {
        try (InputStream in = Workspace.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("the resource " + resource + " is missing from this build");
            }
            Files.copy(in, file);
        }
    }

    private static void clear(Path root) throws IOException {
        if (!Files.exists(root) || isEmpty(root)) {
            return;
        }
        if (!Files.exists(root.resolve(MARKER))) {
            throw new ConfigurationException(
                    root + " exists and no quickstart made it; name another directory with --work");
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.findAny().isEmpty();
        }
    }
}
