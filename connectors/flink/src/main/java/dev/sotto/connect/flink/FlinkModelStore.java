package dev.sotto.connect.flink;

import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.ModelStore;
import dev.sotto.secagg.TaskId;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/**
 * A model store on any of Flink's file systems: {@code <root>/<task>/v<version>/}, the layout of a local store. Files are
 * written under a temporary name, synced and renamed; the manifest last, so that a version with a manifest is whole. On an
 * object store a rename is a copy, and the manifest's place at the end is what counts. Thread-safe; concurrent writers of
 * one version write the same bytes.
 */
public final class FlinkModelStore implements ModelStore {
    private static final Pattern VERSION = Pattern.compile("v([0-9]{6,9})");

    private final String root;

    /**
     * Opens a store.
     *
     * @param root a URI such as {@code file:///var/models} or {@code s3://bucket/models}
     */
    public FlinkModelStore(URI root) {
        if (root.getScheme() == null) {
            throw new IllegalArgumentException("the model store '%s' has no scheme; write file:///...".formatted(root));
        }
        String text = root.toString();
        this.root = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    /**
     * {@inheritDoc}
     *
     * @throws FileAlreadyExistsException if the version exists as another model
     */
    @Override
    public URI put(Checkpoint checkpoint) throws IOException {
        URI location = location(checkpoint.path());
        Path directory = new Path(location);
        Path manifest = new Path(directory, Checkpoint.MANIFEST);
        Path signature = new Path(directory, Checkpoint.SIGNATURE);
        FileSystem files = directory.getFileSystem();
        boolean there = files.exists(manifest);
        if (!there) {
            files.mkdirs(directory);
            write(files, new Path(directory, Checkpoint.WEIGHTS), checkpoint.weightsFile());
            if (checkpoint.signatureFile().isPresent()) {
                write(files, signature, checkpoint.signatureFile().get());
            }
            write(files, manifest, checkpoint.manifestFile());
        }
        // What was just written too: a version is published once it can be read back.
        Checkpoint stored = read(location);
        checkpoint.requireSame(stored, location);
        if (there && checkpoint.completes(stored)) {
            write(files, signature, checkpoint.signatureFile().orElseThrow());
        }
        return location;
    }

    private URI location(List<String> path) {
        return URI.create(root + "/" + String.join("/", path) + "/");
    }

    /**
     * The published versions of a task, the oldest first; a version whose writer has not come to its manifest is none.
     *
     * @throws IOException if the store cannot be read
     */
    public List<StoredVersion> versions(TaskId task) throws IOException {
        Path directory = new Path(location(List.of(task.value())));
        FileSystem files = directory.getFileSystem();
        if (!files.exists(directory)) {
            return List.of();
        }
        List<StoredVersion> versions = new ArrayList<>();
        for (FileStatus entry : files.listStatus(directory)) {
            String name = entry.getPath().getName();
            Matcher matcher = VERSION.matcher(name);
            Path version = new Path(directory, name);
            if (matcher.matches() && files.exists(new Path(version, Checkpoint.MANIFEST))) {
                versions.add(new StoredVersion(
                        Integer.parseInt(matcher.group(1)),
                        location(List.of(task.value(), name)),
                        Instant.ofEpochMilli(files.getFileStatus(new Path(version, Checkpoint.MANIFEST))
                                .getModificationTime()),
                        size(files, new Path(version, Checkpoint.WEIGHTS))));
            }
        }
        versions.sort(Comparator.comparingInt(StoredVersion::version));
        return List.copyOf(versions);
    }

    private static long size(FileSystem files, Path file) throws IOException {
        return files.exists(file) ? files.getFileStatus(file).getLen() : 0;
    }

    private static void write(FileSystem files, Path file, byte[] bytes) throws IOException {
        Path temporary = file.suffix(".tmp");
        try (FSDataOutputStream out = files.create(temporary, FileSystem.WriteMode.OVERWRITE)) {
            out.write(bytes);
            out.flush();
            out.sync();
        }
        // Left behind by a writer that died between the two files.
        if (files.exists(file)) {
            files.delete(file, false);
        }
        if (!files.rename(temporary, file)) {
            throw new IOException("cannot rename %s to %s".formatted(temporary, file));
        }
    }

    @Override
    public Checkpoint get(URI location, byte[] sha256) throws IOException {
        Checkpoint checkpoint = read(location);
        if (!MessageDigest.isEqual(checkpoint.sha256(), sha256)) {
            throw new IOException("the model at %s has sha256 %s but %s was announced; clear the location or fix the"
                            .formatted(
                                    location,
                                    checkpoint.manifest().sha256(),
                                    HexFormat.of().formatHex(sha256))
                    + " announcement");
        }
        return checkpoint;
    }

    /**
     * Reads a checkpoint that is whole in itself; nobody has vouched for it.
     *
     * @throws IOException if it is missing or damaged
     */
    public static Checkpoint read(URI location) throws IOException {
        Path directory = new Path(location);
        FileSystem files = directory.getFileSystem();
        Path signature = new Path(directory, Checkpoint.SIGNATURE);
        return Checkpoint.read(
                read(files, new Path(directory, Checkpoint.MANIFEST)),
                read(files, new Path(directory, Checkpoint.WEIGHTS)),
                files.exists(signature) ? read(files, signature) : null);
    }

    private static byte[] read(FileSystem files, Path file) throws IOException {
        try (InputStream in = files.open(file)) {
            return in.readAllBytes();
        }
    }
}
